export * from './app-error';
export * from './calendar';
export * from './text';
