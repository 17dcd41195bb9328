//! What a browser still holds: its debugger is asked for a snapshot of the heap, for every WebAssembly memory and buffer, and for what is stored.

use crate::browser::Browser;
use crate::snapshot::{Held, Snapshot};
use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::path::Path;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Looks through every memory among the objects for any of the patterns. Gives the numbers of those found.
const SEARCH: &str = "function (patterns) {
  const found = new Set();
  for (const memory of this) {
    const bytes = new Uint8Array(memory.buffer);
    patterns.forEach((pattern, number) => {
      for (let at = bytes.indexOf(pattern[0]); at >= 0; at = bytes.indexOf(pattern[0], at + 1)) {
        if (pattern.every((byte, step) => bytes[at + step] === byte)) { found.add(number); break; }
      }
    });
  }
  return [...found];
}";

/// What the heap's snapshot calls an object with bytes.
const BUFFERS: [&str; 12] = [
    "ArrayBuffer",
    "SharedArrayBuffer",
    "DataView",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int8Array",
    "Uint16Array",
    "Int16Array",
    "Uint32Array",
    "Int32Array",
    "BigUint64Array",
    "BigInt64Array",
];

/// Everything that pages of this origin may keep.
const STORED: &str = "(async () => {
  const kept = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, location.href];
  for (const { name } of await indexedDB.databases()) kept.push(`indexedDB ${name}`);
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) kept.push(request.url);
  }
  for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
    kept.push(name, handle.kind === 'file' ? await (await handle.getFile()).text() : '');
  }
  return kept.join('\\n');
})()";

/// A page's debugger.
pub struct Probe {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u64,
}

/// A secret as it may lie around.
#[derive(Clone, Debug)]
pub struct Trace {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Trace {
    /// A text, as it stands.
    pub fn text(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// Bytes.
    pub fn bytes(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        }
    }
}

impl Probe {
    /// Attaches to the page that the browser shows.
    pub async fn attach(browser: &Browser) -> Result<Self> {
        let file = browser.profile().join("profile/DevToolsActivePort");
        let port = std::fs::read_to_string(&file).context("the browser's debugger")?;
        let port = port.lines().next().context("no port")?;
        let list = reqwest::get(format!("http://127.0.0.1:{port}/json/list"));
        let targets: Vec<Value> = list.await?.json().await?;
        let page = targets
            .iter()
            .find(|target| text(target, "/type") == Some("page"));
        let url = page.and_then(|page| text(page, "/webSocketDebuggerUrl"));
        let (socket, _) = connect_async(url.context("no page")?).await?;
        Ok(Self { socket, next: 0 })
    }

    /// The names of the traces that are anywhere in the strings of the page's heap, in its WebAssembly memories, or in storage.
    pub async fn find(&mut self, traces: &[Trace]) -> Result<Vec<String>> {
        self.ask("HeapProfiler.collectGarbage", json!({})).await?;
        let (heap, stored) = (self.heap().await?, self.stored().await?);
        let mut found = self.in_memories(traces).await?;
        for trace in traces {
            if let Ok(text) = std::str::from_utf8(&trace.bytes) {
                if heap.contains(text) {
                    found.push(format!("{} in the heap", trace.name));
                }
                if stored.contains(text) {
                    found.push(format!("{} in storage", trace.name));
                }
            }
        }
        Ok(found)
    }

    /// The heap as the debugger writes it down, all strings included.
    pub async fn heap(&mut self) -> Result<String> {
        let mut heap = String::new();
        let options = json!({ "reportProgress": false, "captureNumericValue": true });
        self.ask_noting("HeapProfiler.takeHeapSnapshot", options, |event| {
            if text(event, "/method") == Some("HeapProfiler.addHeapSnapshotChunk") {
                heap.push_str(text(event, "/params/chunk").unwrap_or_default());
            }
        })
        .await?;
        Ok(heap)
    }

    async fn stored(&mut self) -> Result<String> {
        let expression =
            json!({ "expression": STORED, "awaitPromise": true, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", expression).await?;
        let stored = text(&answer, "/result/value");
        Ok(stored.with_context(|| format!("{answer}"))?.to_owned())
    }

    async fn in_memories(&mut self, traces: &[Trace]) -> Result<Vec<String>> {
        let kind = "WebAssembly.Memory";
        let memories = self.objects(kind).await?;
        let patterns: Vec<&[u8]> = traces.iter().map(|trace| trace.bytes.as_slice()).collect();
        let call = json!({ "objectId": memories, "functionDeclaration": SEARCH, "arguments": [{ "value": patterns }], "returnByValue": true });
        let answer = self.ask("Runtime.callFunctionOn", call).await?;
        let numbers = answer.pointer("/result/value").and_then(Value::as_array);
        let mut found = Vec::new();
        for number in numbers.with_context(|| format!("{answer}"))? {
            let at = usize::try_from(number.as_u64().context("no number")?)?;
            let name = traces.get(at).map(|trace| trace.name.as_str());
            found.push(format!("{} in a {kind}", name.unwrap_or("?")));
        }
        Ok(found)
    }

    /// How many buffers and arrays of bytes are alive. The debugger counts them, but does not give them away.
    pub async fn buffers(&mut self) -> Result<usize> {
        self.ask("HeapProfiler.collectGarbage", json!({})).await?;
        let heap: Snapshot = serde_json::from_str(&self.heap().await?)?;
        heap.count(&BUFFERS)
    }

    /// All living objects of a kind, as one object of the debugger's.
    async fn objects(&mut self, kind: &str) -> Result<Value> {
        let expression = json!({ "expression": format!("{kind}.prototype") });
        let prototype = self.ask("Runtime.evaluate", expression).await?;
        let of = json!({ "prototypeObjectId": prototype.pointer("/result/objectId") });
        let answer = self.ask("Runtime.queryObjects", of).await?;
        let objects = answer.pointer("/objects/objectId");
        Ok(objects.with_context(|| format!("{answer}"))?.clone())
    }

    /// What the page holds once garbage is collected, and how many bytes its WebAssembly memories take.
    pub async fn size(&mut self) -> Result<(Held, u64)> {
        self.ask("HeapProfiler.collectGarbage", json!({})).await?;
        let heap: Snapshot = serde_json::from_str(&self.heap().await?)?;
        let memories = self.objects("WebAssembly.Memory").await?;
        let sum = "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }";
        let call =
            json!({ "objectId": memories, "functionDeclaration": sum, "returnByValue": true });
        let answer = self.ask("Runtime.callFunctionOn", call).await?;
        let wasm = answer
            .pointer("/result/value")
            .and_then(Value::as_u64)
            .context("no sum")?;
        Ok((heap.held()?, wasm))
    }

    async fn ask(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.ask_noting(method, parameters, |_| {}).await
    }

    async fn ask_noting(
        &mut self,
        method: &str,
        parameters: Value,
        mut note: impl FnMut(&Value),
    ) -> Result<Value> {
        self.next += 1;
        let id = self.next;
        let question = json!({ "id": id, "method": method, "params": parameters });
        let text = question.to_string();
        self.socket.send(Message::Text(text.into())).await?;
        while let Some(message) = self.socket.next().await {
            let Message::Text(text) = message? else {
                continue;
            };
            let answer: Value = serde_json::from_str(&text)?;
            if answer.get("id").and_then(Value::as_u64) != Some(id) {
                note(&answer);
            } else if let Some(error) = answer.get("error") {
                bail!("{method}: {error}");
            } else {
                return Ok(answer.get("result").cloned().unwrap_or_default());
            }
        }
        Err(anyhow!("the debugger hung up"))
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// The names of the traces in any file of a folder, and of those below it.
///
/// # Errors
/// If the folder cannot be read.
pub fn find_in_files(folder: &Path, traces: &[Trace]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            found.extend(find_in_files(&entry.path(), traces)?);
        } else if kind.is_file() {
            // One that is gone by now holds nothing.
            let content = std::fs::read(entry.path()).unwrap_or_default();
            for trace in traces {
                let length = trace.bytes.len();
                if content.windows(length).any(|part| part == trace.bytes) {
                    found.push(format!("{} in {}", trace.name, entry.path().display()));
                }
            }
        }
    }
    Ok(found)
}
