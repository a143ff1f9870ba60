import { defineTexts } from '#web'

/** What each note of `Health.notes` means, and what to do. Keys are the codes. */
export const healthTexts = defineTexts({
  en: {
    'all-well': 'Everything is well.',
    interrupted: 'Nothing arrives any more. Viewers are waiting; start the encoder again with the same key.',
    'uplink-slow':
      'Your connection is {seconds} s behind. Lower the bit rate in OBS, or use a cable instead of Wi-Fi.',
    'dropped-frames':
      '{frames} frames never arrived. Lower the bit rate, or close other programs that upload.',
    'long-key-frames':
      'Key frames are {seconds} s apart, so viewers are further behind. In OBS set the keyframe interval to 2 s.',
    'low-bitrate':
      'The picture has only {kbps} kbit/s and will look blocky. Raise the bit rate or lower the resolution.',
    'studio-colours':
      'Most browsers cannot show these colours. In OBS, Settings → Advanced, set the colour format to NV12.',
    'no-audio': 'There is no sound. Check the audio sources in the OBS mixer.',
    'audio-silent': 'The sound is silent ({db} dB). Check the mixer, or whether the source is muted.',
    'audio-clipping': 'The sound clips ({db} dB). Turn it down a little in the mixer.',
    'unsupported-codec': 'Viewers cannot play this format. In OBS choose H.264 for video and AAC for audio.',
    'no-key-frame':
      'No key frame has arrived, so viewers see nothing. In OBS set the keyframe interval to 2 s.',
    'disk-full': 'The server’s disk is full: the recording stops. Ask the label to free some space.',
    'clock-jump': 'The encoder’s clock jumped. Viewers may have noticed a short hitch.',
    'extra-tracks':
      'Your encoder sends more than one picture or sound; viewers get the first. In OBS, switch extra tracks (“Twitch VOD Track”) off to spare your line.',
    unknown: 'The server noticed something that this page has no words for ({code}). Load the page again.',
  },
  fr: {
    'all-well': 'Tout va bien.',
    interrupted: 'Plus rien n’arrive. Le public attend ; redémarrez l’encodeur avec la même clé.',
    'uplink-slow':
      'Votre connexion a {seconds} s de retard. Baissez le débit dans OBS, ou préférez un câble au Wi-Fi.',
    'dropped-frames':
      '{frames} images ne sont jamais arrivées. Baissez le débit, ou fermez les autres programmes qui envoient.',
    'long-key-frames':
      'Les images clés sont espacées de {seconds} s, le public est donc plus en retard. Dans OBS, réglez leur intervalle sur 2 s.',
    'low-bitrate':
      'L’image n’a que {kbps} kbit/s et paraîtra pixelisée. Montez le débit ou baissez la définition.',
    'studio-colours':
      'La plupart des navigateurs ne montrent pas ces couleurs. Dans OBS, Paramètres → Avancé, réglez le format de couleur sur NV12.',
    'no-audio': 'Il n’y a pas de son. Vérifiez les sources audio dans le mélangeur d’OBS.',
    'audio-silent': 'Le son est muet ({db} dB). Vérifiez le mélangeur, ou si la source est coupée.',
    'audio-clipping': 'Le son sature ({db} dB). Baissez-le un peu dans le mélangeur.',
    'unsupported-codec':
      'Le public ne peut pas lire ce format. Dans OBS, choisissez H.264 pour la vidéo et AAC pour l’audio.',
    'no-key-frame':
      'Aucune image clé n’est arrivée, le public ne voit rien. Dans OBS, réglez leur intervalle sur 2 s.',
    'disk-full':
      'Le disque du serveur est plein : l’enregistrement s’arrête. Demandez au label de faire de la place.',
    'clock-jump': 'L’horloge de l’encodeur a sauté. Le public a pu remarquer un léger à-coup.',
    'extra-tracks':
      'Votre encodeur envoie plusieurs images ou sons ; le public reçoit le premier. Dans OBS, désactivez les pistes en plus (« Piste VOD Twitch ») pour ménager votre ligne.',
    unknown:
      'Le serveur a remarqué quelque chose que cette page ne sait pas dire ({code}). Rechargez la page.',
  },
})
