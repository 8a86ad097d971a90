export { HealthModule } from './health.module';
export { HealthService, type ModelsHealth, type UpstreamHealth } from './health.service';
