import { Readable } from 'node:stream';
import { applyDecorators, StreamableFile, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { csvOf } from './csv';

interface Answerable {
  totals: object;
  series: object[];
}

const POINT_COLUMNS = ['start', 'end', 'label', 'group'];

/** Whether the caller wants a table. What the query says goes before what the header says. */
export const wantsCsv = (format: string | undefined, accept: string | undefined): boolean =>
  format === undefined ? /^\s*text\/csv\b/i.test(accept ?? '') : format === 'csv';

/** `series` as a file; its columns are those of the JSON. */
export function csvFile(name: string, report: Answerable): StreamableFile {
  const columns = [...POINT_COLUMNS, ...Object.keys(report.totals)];
  return new StreamableFile(Readable.from(csvOf(columns, report.series), { objectMode: false }), {
    type: 'text/csv; charset=utf-8; header=present',
    disposition: `attachment; filename="${name}.csv"`,
  });
}

/** Documents a report, as JSON or as a table. */
export const ApiReport = (type: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(type),
    ApiOkResponse({
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        'text/csv': { schema: { type: 'string', example: 'start,end,label,group,calls\r\n' } },
      },
    }),
  );
