export { type CapacityOptions, capacity } from './capacity.ts';
export { type LoadCurveOptions, loadCurve } from './load-curve.ts';
export { type SmallestOptions, smallestMeeting } from './smallest-meeting.ts';
