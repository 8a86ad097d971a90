export { BudgetAlerts } from './budget-alerts';
export { BudgetsHttpModule, BudgetsModule, BudgetsWorkerModule } from './budgets.module';
export { CallBudgets, isBudgetRefusal, type Release } from './call-budgets';
