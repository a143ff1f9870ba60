import { defineProblem } from '#contract'

/** Refusals of the job list's actions. */
export const unknownJob = defineProblem({
  name: 'jobs.unknown',
  status: 404,
  title: 'There is no such job; finished jobs are removed after some days.',
})
export const jobEnded = defineProblem({
  name: 'jobs.ended',
  status: 409,
  title: 'The job has already ended, so it cannot be cancelled.',
})
export const jobNotEnded = defineProblem({
  name: 'jobs.not-ended',
  status: 409,
  title: 'Only a failed or cancelled job can be tried again.',
})
