import { badInput } from '@app/kernel';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';

/** A path parameter that is an id: a whole number from 1 to 2^53 − 1. Anything else is a 422 that names the parameter. */
@Injectable()
export class ParseIdPipe implements PipeTransform<string, number> {
  transform(value: string, metadata: ArgumentMetadata): number {
    const id = /^[0-9]{1,16}$/.test(value) ? Number(value) : NaN;
    if (Number.isSafeInteger(id) && id >= 1) return id;
    throw badInput(metadata.data ?? 'id', 'must be a whole number from 1 to 9007199254740991.');
  }
}
