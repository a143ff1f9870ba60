import { defineProblem } from '#contract'

export const badKey = defineProblem({
  name: 'live.bad-key',
  status: 403,
  title: 'This stream key is not known here.',
})
export const alreadyLive = defineProblem({
  name: 'live.already-live',
  status: 409,
  title: 'Somebody is already on air with this key.',
})
export const slugTaken = defineProblem({
  name: 'live.slug-taken',
  status: 409,
  title: 'Another channel has this address; choose another one.',
})
export const accessIsOther = defineProblem({
  name: 'live.access-is-other',
  status: 409,
  title: 'The channel is there already and open to others than that; change who may watch on its desk first.',
})
export const notLive = defineProblem({
  name: 'live.not-live',
  status: 409,
  title: 'The channel is not live.',
})
