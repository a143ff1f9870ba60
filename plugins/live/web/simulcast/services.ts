/** Sites that many send to, with the address they give to everybody. */
export const services = [
  { id: 'youtube', title: 'YouTube', url: 'rtmps://a.rtmps.youtube.com:443/live2' },
  { id: 'twitch', title: 'Twitch', url: 'rtmp://live.twitch.tv/app' },
  { id: 'facebook', title: 'Facebook', url: 'rtmps://live-api-s.facebook.com:443/rtmp' },
] as const
