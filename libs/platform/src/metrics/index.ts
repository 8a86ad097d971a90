export { measureRequests } from './measure-requests';
export { MetricsHttpModule, MetricsModule } from './metrics.module';
export { Metrics } from './metrics.service';
