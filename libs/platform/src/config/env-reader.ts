/** One wrong setting: the variable, what is wrong and how to put it right. Values are never repeated: they may be secrets. */
export interface ConfigProblem {
  variable: string;
  message: string;
}

export class ConfigError extends Error {
  constructor(readonly problems: ConfigProblem[]) {
    super(
      [
        'The configuration is not usable:',
        ...problems.map((problem) => `  ${problem.variable}: ${problem.message}`),
      ].join('\n'),
    );
    this.name = 'ConfigError';
  }
}

interface NumberBounds {
  min: number;
  max: number;
  fallback: number;
}

/** Reads typed values from an environment and collects every problem, so that one start shows all of them. An empty value counts as not set. */
export class EnvReader {
  readonly problems: ConfigProblem[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  problem(variable: string, message: string): void {
    this.problems.push({ variable, message });
  }

  optional(variable: string): string | undefined {
    const value = this.env[variable]?.trim();
    return value === undefined || value === '' ? undefined : value;
  }

  string(variable: string, fallback: string): string {
    return this.optional(variable) ?? fallback;
  }

  /** The first of several names that is set (the seeds use two names for some settings). */
  firstOf(...variables: string[]): string {
    return variables.find((variable) => this.optional(variable) !== undefined) ?? variables[0]!;
  }

  integer(variable: string, bounds: NumberBounds): number {
    return this.parseNumber(variable, bounds, (value) => Number.isInteger(value), 'a whole number');
  }

  number(variable: string, bounds: NumberBounds): number {
    return this.parseNumber(variable, bounds, (value) => Number.isFinite(value), 'a number');
  }

  boolean(variable: string, fallback: boolean): boolean {
    const value = this.optional(variable)?.toLowerCase();
    if (value === undefined) return fallback;
    if (['true', '1', 'yes', 'on'].includes(value)) return true;
    if (['false', '0', 'no', 'off'].includes(value)) return false;
    this.problem(variable, 'must be true or false.');
    return fallback;
  }

  oneOf<T extends string>(variable: string, allowed: readonly T[], fallback: T): T {
    const value = this.optional(variable);
    if (value === undefined) return fallback;
    if ((allowed as readonly string[]).includes(value)) return value as T;
    this.problem(variable, `must be one of: ${allowed.join(', ')}.`);
    return fallback;
  }

  list(variable: string): string[] {
    return (this.optional(variable) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  url(variable: string, protocols: readonly string[]): string | undefined {
    const value = this.optional(variable);
    if (value === undefined) return undefined;
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed !== undefined && protocols.includes(parsed.protocol)) return value;
    this.problem(
      variable,
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
    );
    return undefined;
  }

  throwIfWrong(): void {
    if (this.problems.length > 0) throw new ConfigError(this.problems);
  }

  private parseNumber(
    variable: string,
    { min, max, fallback }: NumberBounds,
    accepts: (value: number) => boolean,
    kind: string,
  ): number {
    const raw = this.optional(variable);
    if (raw === undefined) return fallback;
    const value = Number(raw);
    if (accepts(value) && value >= min && value <= max) return value;
    this.problem(variable, `must be ${kind} from ${min} to ${max}. Leave it out for the default, ${fallback}.`);
    return fallback;
  }
}
