import { fill, setUpSteps } from '#web'

/** The live plugin's two steps of the first run; spread into its `fills`. */
export const setUpFills = [
  fill(setUpSteps, () => import('./ChannelStep.tsx'), {
    order: 10,
    label: { en: 'First channel', fr: 'Première chaîne' },
  }),
  fill(setUpSteps, () => import('./KeyStep.tsx'), {
    order: 20,
    label: { en: 'Stream key in OBS', fr: 'Clé de diffusion dans OBS' },
  }),
]
