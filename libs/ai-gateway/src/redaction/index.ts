export { completeRedacted } from './complete-redacted';
export { Redaction } from './redaction';
export { RedactionModule } from './redaction.module';
export { RedactionService } from './redaction.service';
