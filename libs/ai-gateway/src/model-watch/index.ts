export { ModelWarningsController } from './http/model-warnings.controller';
export { ModelCheckService } from './model-check.service';
export { ModelCheckModule, ModelWatchModule } from './model-watch.module';
