// The panel's page asks for the interface of an editor. Here, the editor is the page around the frame.
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.parent.postMessage(message, window.location.origin),
  getState: () => undefined,
  setState: () => undefined,
});
