/** What a hosted tool did for a reply. */
export interface StoredToolCall {
  id: string;
  type: string;
  status: string;
  detail?: Record<string, unknown>;
}

/** A source that a reply names. */
export interface StoredCitation {
  url: string;
  title: string;
  start_index: number;
  end_index: number;
}

/** A picture of a user message: somewhere else, or uploaded. */
export interface StoredImage {
  url?: string;
  upload_id?: string;
  detail?: 'auto' | 'low' | 'high';
}
