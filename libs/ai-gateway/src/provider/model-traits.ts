/**
 * Whether the model answers 400 to `temperature` unless reasoning effort is `none` (GPT-5.6 and GPT-6 and their variants,
 * on every host that serves them: a proxy passes the refusal through).
 */
export function needsReasoningOffForTemperature(model: string): boolean {
  // Proxies put a vendor in front ("openai/gpt-6-luna"), fine-tunes a prefix ("ft:gpt-6-luna:…").
  return /(?:^|[/:])gpt-(?:5\.6|6)(?![0-9])/i.test(model);
}
