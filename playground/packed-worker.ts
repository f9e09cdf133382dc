/**
 * Starts a worker from a script that is packed with gzip: a third of the bytes, also from a web server that packs nothing. Rejects if the file
 * cannot be loaded or is damaged.
 */
export async function packedWorker(address: string): Promise<Worker> {
  const response = await fetch(address);
  if (!response.ok || response.body === null) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const script = await new Response(response.body.pipeThrough(new DecompressionStream('gzip'))).text();
  // The address stays valid as long as the page: the server starts its simulations from the same one.
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
}
