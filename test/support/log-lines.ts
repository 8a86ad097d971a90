interface LogLine {
  level: number;
  msg?: string;
  [field: string]: unknown;
}

const ERROR = 50;

/** Lines of a log that tell of an error, or that are no log lines at all (what a crash prints). */
export function errorLines(log: string, isExpected: (line: LogLine) => boolean = () => false): string[] {
  return log.split('\n').filter((text) => {
    if (text.trim() === '') return false;
    if (!text.startsWith('{')) return true;
    const line = JSON.parse(text) as LogLine;
    return line.level >= ERROR && !isExpected(line);
  });
}
