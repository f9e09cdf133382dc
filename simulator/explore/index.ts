export { type CapacityOptions, capacity } from './capacity.ts';
export { type SmallestOptions, smallestMeeting } from './smallest-meeting.ts';
