import { defineWebPlugin } from '#web'
import { setUpFills } from './setup/fills.ts'

export default defineWebPlugin({
  name: 'live',
  pages: [],
  fills: [...setUpFills],
})
