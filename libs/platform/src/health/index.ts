export { HealthModule } from './health.module';
export { HealthService, type UpstreamHealth } from './health.service';
