// A stored choice of light or dark, set before the first paint (a classic script in the head, on purpose blocking).
;(function () {
  var root = document.documentElement
  if (root.dataset.theme) return
  try {
    var theme = JSON.parse(localStorage.getItem('theme'))
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  } catch (error) { /* nothing stored: the system decides */ }
})()
