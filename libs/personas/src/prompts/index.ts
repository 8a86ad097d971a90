export * from './default-prompt-template';
export * from './default-system-instructions';
export * from './generate-persona';
