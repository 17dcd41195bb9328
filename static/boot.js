// Starts the page. It stands in a file of its own because the page's policy forbids inline scripts.
const script = document.getElementById("portal-module").href;
const wasm = document.getElementById("portal-wasm").href;

try {
  const { default: start } = await import(script);
  await start({ module_or_path: wasm });
} catch (error) {
  const starting = document.getElementById("starting");
  if (starting) {
    starting.setAttribute("role", "alert");
    starting.dataset.testid = "start-failed";
    starting.textContent =
      "검증 프로그램을 시작하지 못했습니다. 최신 브라우저로 다시 열어 주십시오. " +
      "The verifier could not be started. Please open this page in a current browser.";
  }
  throw error;
}
