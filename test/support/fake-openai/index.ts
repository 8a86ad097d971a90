export { FakeOpenAI } from './fake-openai';
export { FakeOpenAIProcess } from './fake-openai-process';
export {
  scenarios,
  type Scenario,
  type ScenarioLike,
  type ReplyScenario,
  type ErrorScenario,
  type ScenarioTool,
  type ScenarioUsage,
} from './scenario';
export type { LoggedRequest, Outcome } from './request-log';
