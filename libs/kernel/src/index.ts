export * from './app-error';
export * from './text';
