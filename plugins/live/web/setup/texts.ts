import { defineTexts } from '#web'

export const setUpTexts = defineTexts({
  en: {
    channelTitle: 'Your first channel',
    channelLead:
      'A channel is a page with a player and a chat. It stays at the same address from stream to stream.',
    skip: 'Skip for now',
    keyTitle: 'Into OBS with it',
    keyLead: 'The key lets whoever has it go live on “{title}”. Treat it like a password.',
    noChannel: 'There is no channel yet. Make one first, then come back for its key.',
    makeKey: 'Make a stream key',
    server: 'Server',
    key: 'Stream key',
    once: 'The key is shown only now. Another one can be made at any time.',
    obsSteps:
      'In OBS: Settings, Stream, then “Custom” as the service. Paste server and key, press OK, then Start Streaming.',
    goOn: 'Both are in OBS',
  },
  fr: {
    channelTitle: 'Votre première chaîne',
    channelLead:
      'Une chaîne est une page avec un lecteur et une discussion. Elle garde la même adresse d’un direct à l’autre.',
    skip: 'Passer pour l’instant',
    keyTitle: 'Et maintenant, OBS',
    keyLead:
      'La clé permet à qui la possède de passer en direct sur « {title} ». Gardez-la comme un mot de passe.',
    noChannel: 'Il n’y a pas encore de chaîne. Créez-en une d’abord, puis revenez chercher sa clé.',
    makeKey: 'Créer une clé de diffusion',
    server: 'Serveur',
    key: 'Clé de diffusion',
    once: 'La clé n’est affichée que maintenant. On peut en créer une autre à tout moment.',
    obsSteps:
      'Dans OBS : Paramètres, Stream, puis « Personnalisé » comme service. Collez serveur et clé, validez, puis démarrez le stream.',
    goOn: 'Les deux sont dans OBS',
  },
})
