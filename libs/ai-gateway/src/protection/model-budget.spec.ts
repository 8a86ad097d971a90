import type { RateLimits } from '../provider';
import { ModelBudget } from './model-budget';

const requests = (remaining: number, limit: number | null = 1000, resetMs = 10_000): RateLimits => ({
  requests: { limit, remaining, resetMs },
  tokens: null,
});
const tokens = (remaining: number, limit: number): RateLimits => ({
  requests: null,
  tokens: { limit, remaining, resetMs: 10_000 },
});

describe('ModelBudget', () => {
  it('takes an unknown limit for ample', () => {
    expect(new ModelBudget().isAmple(1_000_000, 0)).toBe(true);
  });

  it('is scarce below a fifth of the limit', () => {
    const budget = new ModelBudget();
    budget.learn(requests(201), 0);
    expect(budget.isAmple(10, 0)).toBe(true);
    budget.learn(requests(200), 0);
    expect(budget.isAmple(10, 0)).toBe(false);
  });

  it('is scarce when several workers like this one could use up what is left', () => {
    const budget = new ModelBudget();
    budget.learn(requests(600), 0);
    budget.unanswered = 100;
    expect(budget.isAmple(10, 0)).toBe(true);
    budget.unanswered = 130;
    expect(budget.isAmple(10, 0)).toBe(false);
  });

  it('shares a small limit from the start, and also in its next window', () => {
    const budget = new ModelBudget();
    budget.learn(requests(10, 10, 1000), 0);
    expect(budget.isAmple(10, 0)).toBe(false);
    expect(budget.isAmple(10, 2000)).toBe(false);
    expect(budget.current(2000).requests).toEqual({ limit: 10, remaining: 10, resetMs: 0 });
  });

  it('is ample again when a large window has ended', () => {
    const budget = new ModelBudget();
    budget.learn(requests(3, 1000, 1000), 0);
    expect(budget.isAmple(10, 999)).toBe(false);
    expect(budget.isAmple(10, 1000)).toBe(true);
  });

  it('counts tokens by what a call costs', () => {
    const budget = new ModelBudget();
    budget.learn(tokens(50_000, 100_000), 0);
    expect(budget.isAmple(1000, 0)).toBe(true);
    expect(budget.isAmple(20_000, 0)).toBe(false);
  });

  it('forgets what nobody announced for ten minutes', () => {
    const budget = new ModelBudget();
    budget.learn(requests(1, 10, 86_400_000), 0);
    expect(budget.isAmple(1, 599_999)).toBe(false);
    expect(budget.isAmple(1, 600_000)).toBe(true);
    expect(budget.isIdle(600_000)).toBe(true);
  });

  it('adopts from other workers only what is less than it knows', () => {
    const budget = new ModelBudget();
    budget.learn(requests(500), 0);
    budget.adopt(requests(900), 0);
    expect(budget.current(0).requests?.remaining).toBe(500);
    budget.adopt(requests(7), 0);
    expect(budget.current(0).requests?.remaining).toBe(7);
  });

  it('is held for the longest time that was asked for', () => {
    const budget = new ModelBudget();
    budget.hold(3000, 0);
    budget.hold(1000, 0);
    budget.deny(500, 0);
    expect(budget.waitMs(1000)).toBe(2000);
    expect(budget.waitMs(3000)).toBe(0);
  });

  it('waits longer with each refusal that names no time, up to 30 s, and starts over after an answer', () => {
    const budget = new ModelBudget();
    expect([1, 2, 3, 4, 5, 6, 7].map(() => budget.refused())).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    budget.answered();
    expect(budget.refused()).toBe(1000);
  });
});
