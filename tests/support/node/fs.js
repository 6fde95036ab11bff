// node:fs, node:fs/promises and node:url for a page: files of the repository are read over HTTP from the test's own server.
export const readFileSync = file => {
  const request = new XMLHttpRequest()
  request.open('GET', String(file), false)
  request.send()
  if (request.status !== 200) throw new Error(`${file}: ${request.status}`)
  return request.responseText
}
export const readFile = async file => readFileSync(file)
export const fileURLToPath = url => String(url)
export const pathToFileURL = path => new URL(path, location.href)
export default {readFileSync, readFile}
