export { AnalyticsHttpModule } from './analytics-http.module';
export { AnalyticsModule } from './analytics.module';
export { RollUpService } from './rollups/roll-up.service';
