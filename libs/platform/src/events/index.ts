export { EventsBus } from './events-bus';
export { EventsModule } from './events.module';
