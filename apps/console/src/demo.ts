/** The demo page's script tag, with the key and the language of the page's address in it. */
const query = new URLSearchParams(location.search);
const script = document.createElement('script');
script.src = 'widget.js';
script.dataset.key = query.get('key') ?? '';
script.dataset.lang = query.get('lang') ?? '';
script.dataset.side = query.get('side') ?? '';
document.body.append(script);
