export { buildServiceTable } from './build-service-table.ts';
export { costModel } from './cost-model.ts';
export { planResidency } from './residency.ts';
