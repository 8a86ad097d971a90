export { PreviewCaller } from './preview-caller';
export { PreviewController } from './preview.controller';
export { PreviewsService } from './previews.service';
