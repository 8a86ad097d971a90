import { storable } from '@app/kernel';
import { listOf, objectOf, stringOf, type JsonObject } from './untyped-json';

/** What a hosted tool did. `detail`: what it was asked and what came of it, as the upstream tells, shortened. */
export interface ToolCall {
  id: string;
  /** Such as `web_search_call`. */
  type: string;
  /** `in_progress`, `completed`, `failed`, and words for what is between, such as `searching`. */
  status: string;
  detail?: JsonObject;
}

/** A place in the answer that names its source. */
export interface Citation {
  url: string;
  title: string;
  /** Characters of the answer, as the upstream counts them. */
  start_index: number;
  end_index: number;
}

const MAX_CALLS = 50;
const MAX_DETAIL_BYTES = 4_000;
/** Of all details of one answer: a page of messages shows them all. */
const MAX_DETAILS_BYTES = 64_000;
const MAX_CITATIONS = 50;
const MAX_URL_LENGTH = 2_000;

const CALL_TYPE = /^(?:[a-z0-9_]{1,40}_call|mcp_list_tools)$/;
const CALL_EVENT = /^response\.((?:[a-z0-9_]{1,40}_call|mcp_list_tools))\.([a-z_]{1,30})$/;
const ENDED = new Set(['completed', 'failed', 'incomplete']);
const STATUSES = new Set([...ENDED, 'in_progress', 'searching', 'interpreting', 'generating', 'calling']);

/** Follows the hosted tools of one answer through its events. */
export class ToolCalls {
  private readonly calls = new Map<string, ToolCall>();
  private readonly fresh = new Map<string, ToolCall>();

  /** Takes an event of a stream; false when it is about no tool. */
  acceptEvent(type: string, data: JsonObject): boolean {
    if (type === 'response.output_item.added') return this.acceptItem(data.item, 'in_progress');
    if (type === 'response.output_item.done') return this.acceptItem(data.item, 'completed');
    const [, callType, status] = CALL_EVENT.exec(type) ?? [];
    if (callType === undefined || status === undefined) return false;
    const id = stringOf(data.item_id);
    if (id !== null && STATUSES.has(status)) this.change({ id, type: callType, status });
    return true;
  }

  /** Takes the items of a finished answer: whatever no event has told of. */
  acceptOutput(output: unknown): void {
    for (const item of listOf(output)) this.acceptItem(item, 'completed');
  }

  /** A tool is at work; the upstream may be silent meanwhile. */
  get isOneRunning(): boolean {
    return [...this.calls.values()].some(({ status }) => !ENDED.has(status));
  }

  /** What has changed since the last time, in order. */
  takeChanges(): ToolCall[] {
    if (this.fresh.size === 0) return [];
    const changes = [...this.fresh.values()];
    this.fresh.clear();
    return changes;
  }

  /** All calls, in their order; the details of later ones are left out when there is too much of them. */
  get all(): ToolCall[] {
    let left = MAX_DETAILS_BYTES;
    return [...this.calls.values()].map(({ detail, ...call }) => {
      left -= detail === undefined ? 0 : Buffer.byteLength(JSON.stringify(detail));
      return detail === undefined || left < 0 ? call : { ...call, detail };
    });
  }

  private acceptItem(value: unknown, statusWithout: string): boolean {
    const item = objectOf(value);
    const type = stringOf(item?.type) ?? '';
    if (item === null || !CALL_TYPE.test(type)) return false;
    const id = stringOf(item.id);
    if (id === null) return true;
    const failed = item.error ? 'failed' : statusWithout;
    const said = stringOf(item.status);
    const status = said !== null && STATUSES.has(said) ? said : failed;
    const detail = detailOf(item);
    this.change({ id, type, status, ...(detail === null ? {} : { detail }) });
    return true;
  }

  private change(change: ToolCall): void {
    const id = change.id.slice(0, 200);
    const known = this.calls.get(id);
    if (known === undefined && this.calls.size >= MAX_CALLS) return;
    // Events may come late: what has ended does not begin again.
    const status =
      known !== undefined && ENDED.has(known.status) && !ENDED.has(change.status) ? known.status : change.status;
    const detail = change.detail ?? known?.detail;
    const call: ToolCall = { id, type: change.type, status, ...(detail === undefined ? {} : { detail }) };
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(call)) return;
    this.calls.set(id, call);
    this.fresh.set(id, call);
  }
}

/** The sources named in the parts of an answer's text. @param output the items of the finished answer */
export function citationsIn(output: unknown): Citation[] {
  const citations: Citation[] = [];
  let textBefore = 0;
  for (const item of listOf(output)) {
    for (const value of listOf(objectOf(item)?.content)) {
      const part = objectOf(value);
      for (const annotation of listOf(part?.annotations)) {
        const citation = citationOf(objectOf(annotation), textBefore);
        if (citation !== null && citations.length < MAX_CITATIONS) citations.push(citation);
      }
      textBefore += (stringOf(part?.text) ?? '').length;
    }
  }
  return citations;
}

function citationOf(annotation: JsonObject | null, textBefore: number): Citation | null {
  const url = stringOf(annotation?.url);
  if (annotation?.type !== 'url_citation' || url === null || url.length > MAX_URL_LENGTH) return null;
  // Pages show these as links.
  if (!/^https?:\/\//i.test(url)) return null;
  return {
    url: storable(url),
    title: storable(stringOf(annotation.title) ?? '').slice(0, 500),
    start_index: textBefore + indexOf(annotation.start_index),
    end_index: textBefore + indexOf(annotation.end_index),
  };
}

const indexOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;

/** Fields that say nothing to people, or far too much: pictures, keys of the upstream, the text of whole files. */
const LEFT_OUT = new Set([
  'id',
  'type',
  'status',
  'result',
  'encrypted_content',
  'container_id',
  'caller',
  'results',
  'tools',
]);

/** Shorter and shorter until it fits. */
const CUTS = [
  { text: 2_000, items: 20 },
  { text: 500, items: 10 },
  { text: 100, items: 5 },
];

function detailOf(item: JsonObject): JsonObject | null {
  const told: JsonObject = Object.fromEntries(
    Object.entries(item).filter(([field, value]) => !LEFT_OUT.has(field) && value !== null && value !== ''),
  );
  if (item.tools) told.tools = listOf(item.tools).map((tool) => objectOf(tool)?.name);
  if (item.results) {
    told.results = listOf(item.results).map((result) => {
      const { file_id, filename, score, url, title } = objectOf(result) ?? {};
      return { file_id, filename, score, url, title };
    });
  }
  if (Object.keys(told).length === 0) return null;
  for (const cut of CUTS) {
    const short = shortened(told, cut, 0) as JsonObject;
    if (Buffer.byteLength(JSON.stringify(short)) <= MAX_DETAIL_BYTES) return short;
  }
  return null;
}

function shortened(value: unknown, cut: { text: number; items: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const text = storable(value);
    return text.length > cut.text ? `${text.slice(0, cut.text).toWellFormed()}…` : text;
  }
  if (Array.isArray(value)) {
    return depth >= 5 ? [] : value.slice(0, cut.items).map((item) => shortened(item, cut, depth + 1));
  }
  const object = objectOf(value);
  if (object === null) return value;
  if (depth >= 5) return {};
  const pairs = Object.entries(object).slice(0, cut.items);
  return Object.fromEntries(pairs.map(([key, item]) => [storable(key).slice(0, 100), shortened(item, cut, depth + 1)]));
}
