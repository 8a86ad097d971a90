/** A model as `GET /v1/models` shows it. Without `shutdown_date` the field is left out, as servers other than OpenAI do. */
export interface OfferedModel {
  id: string;
  shutdown_date?: string | null;
}

const DEFAULT: readonly OfferedModel[] = [
  'gpt-6-luna', 'gpt-6-sol', 'gpt-6-astra', 'gpt-5.6-luna', 'gpt-4.1', 'gpt-4o',
].map((id) => ({ id, shutdown_date: null })); // prettier-ignore

/** The models that the fake offers. Null: it has no such list, like servers that answer 404 there. */
export class FakeModels {
  private offered: readonly OfferedModel[] | null = DEFAULT;

  offer(models: readonly OfferedModel[] | null): void {
    this.offered = models;
  }

  reset(): void {
    this.offered = DEFAULT;
  }

  /** The body of the answer, as OpenAI's; null for a 404. */
  list(): Record<string, unknown> | null {
    if (this.offered === null) return null;
    const data = this.offered.map((model) => ({ object: 'model', created: 1767225600, owned_by: 'openai', ...model }));
    return { object: 'list', data };
  }
}
