export { toPlainText, toWhatsApp } from './dialects';
export { splitText } from './split-text';
