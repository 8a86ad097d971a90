export * from './admission';
export * from './events';
export * from './jobs';
export * from './conversation-state';
export * from './socket-events';
export * from './hand-off';
export * from './delivery';
export * from './files';
