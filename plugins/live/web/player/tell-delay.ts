/** How far behind the newest the viewer is, on each playlist request that names a viewer: the DJ sees the middle one. */
export function tellDelay(xhr: XMLHttpRequest, url: string, latencyS: number): void {
  if (!/[?&]v=/.test(url) || !(latencyS > 0) || latencyS > 999) return
  xhr.open('GET', `${url}&d=${Math.round(latencyS * 1000)}`, true)
}
