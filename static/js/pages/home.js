// The join box: codes are pasted with spaces, with the whole link around them, in small letters. The server takes all of
// that; this only lets people see what they typed as the code that they read.

const box = document.querySelector('#code')

/** The code in what was pasted: the end of a join link, else the letters and figures. */
export function codeIn(text) {
  const link = /\/j\/([^/?#\s]+)/i.exec(text)
  return (link ? link[1] : text).replace(/[^0-9a-z]/gi, '').toUpperCase()
}

box?.addEventListener('paste', event => {
  const text = event.clipboardData?.getData('text') ?? ''
  if (!text) return
  event.preventDefault()
  box.value = codeIn(text)
})
box?.form?.addEventListener('submit', () => {
  box.value = codeIn(box.value)
})
