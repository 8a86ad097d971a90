type Cell = string | number | null | undefined;

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** As RFC 4180 writes it. Text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers. */
function cellOf(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return decimal(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Without an exponent, which not everybody reads. */
const decimal = (value: number): string =>
  /e/.test(String(value)) ? value.toFixed(12).replace(/\.?0+$/, '') : String(value);

/** One row per entry of `rows`, with a header, in parts that are made when they are asked for. */
export function* csvOf(columns: readonly string[], rows: Iterable<object>): Generator<string> {
  yield `${columns.join(',')}\r\n`;
  for (const row of rows) {
    const cells = row as Record<string, Cell>;
    yield `${columns.map((column) => cellOf(cells[column])).join(',')}\r\n`;
  }
}
