//! A browser that somebody sits at: pages are known by their address, what is on them by its test id.

use crate::chrome::Chromedriver;
use crate::site::Site;
use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thirtyfour::common::print::PrintParameters;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, ChromeCapabilities, LoggingPrefsLogLevel};

/// How long anything on a page may take before it counts as missing; a busy machine recounts slowly.
const PATIENCE: Duration = Duration::from_secs(60);
const INTERVAL: Duration = Duration::from_millis(40);
const SCRIPT_TIME: Duration = Duration::from_secs(60);

/// The reader's language, as the browser tells it to pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Korean,
    English,
}

/// The width of the window in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 390 × 844, a phone.
    Phone,
    /// 768 × 1024, a tablet or a kiosk on its end.
    Tablet,
    /// 1280 × 900, a desktop.
    Desktop,
}

impl Language {
    pub const BOTH: [Self; 2] = [Self::Korean, Self::English];

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    /// The one that the page's switch leads to.
    pub fn other(self) -> Self {
        match self {
            Self::Korean => Self::English,
            Self::English => Self::Korean,
        }
    }

    fn accepted(self) -> &'static str {
        match self {
            Self::Korean => "ko-KR",
            Self::English => "en-GB",
        }
    }
}

impl Width {
    pub const BOTH: [Self; 2] = [Self::Phone, Self::Desktop];

    /// Width and height.
    pub fn pixels(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Tablet => (768, 1024),
            Self::Desktop => (1280, 900),
        }
    }
}

/// One Chrome with an empty profile of its own.
pub struct Browser {
    driver: WebDriver,
    pub language: Language,
    profile: TempDir,
}

impl Browser {
    /// Starts a Chrome of a reader of this language.
    pub async fn start(chromedriver: &Chromedriver, language: Language) -> Result<Self> {
        Self::start_with(chromedriver, language, &[]).await
    }

    /// The same with a camera that shows this film, and a reader who lets pages use it.
    pub async fn start_with_camera(
        chromedriver: &Chromedriver,
        language: Language,
        film: &Path,
    ) -> Result<Self> {
        let film = format!("--use-file-for-fake-video-capture={}", film.display());
        let camera = [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            &film,
        ];
        Self::start_with(chromedriver, language, &camera).await
    }

    /// The same with further switches.
    pub async fn start_with(
        chromedriver: &Chromedriver,
        language: Language,
        further: &[&str],
    ) -> Result<Self> {
        let profile = TempDir::new()?;
        let mut capabilities = ChromeCapabilities::new();
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            &format!(
                "--user-data-dir={}",
                profile.path().join("profile").display()
            ),
            &format!("--accept-lang={}", language.accepted()),
            &format!("--lang={}", language.accepted()),
        ] {
            capabilities.add_arg(argument)?;
        }
        for argument in further {
            capabilities.add_arg(argument)?;
        }
        let preferences = json!({ "intl.accept_languages": language.accepted() });
        capabilities.add_experimental_option("prefs", preferences)?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        let driver = WebDriver::new(chromedriver.url(), capabilities).await?;
        driver.set_script_timeout(SCRIPT_TIME).await?;
        let downloads = profile.path().join("downloads");
        std::fs::create_dir(&downloads)?;
        let allow = json!({ "behavior": "allow", "downloadPath": downloads });
        driver
            .cdp()
            .send_raw("Browser.setDownloadBehavior", allow)
            .await?;
        Ok(Self {
            driver,
            language,
            profile,
        })
    }

    /// The folder of its profile, which the command lines of its processes name.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Closes it.
    pub async fn quit(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }

    /// Gives the window this width.
    pub async fn resize(&self, width: Width) -> Result<()> {
        let (width, height) = width.pixels();
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver
            .cdp()
            .send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    /// Opens a place on the page: what follows its address, such as `#/check`.
    pub async fn open(&self, site: &Site, place: &str) -> Result<()> {
        Ok(self.driver.goto(format!("{}/{place}", site.url())).await?)
    }

    /// Leaves the page.
    pub async fn open_nothing(&self) -> Result<()> {
        Ok(self.driver.goto("about:blank").await?)
    }

    /// Takes the page off the network, or back on it.
    pub async fn go_offline(&self, offline: bool) -> Result<()> {
        let cdp = self.driver.cdp();
        cdp.send_raw("Network.enable", json!({})).await?;
        let line = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        cdp.send_raw("Network.emulateNetworkConditions", line)
            .await?;
        Ok(())
    }

    /// How many bytes pages of an origin may keep; `None` lifts the limit.
    pub async fn limit_storage(&self, origin: &str, bytes: Option<u64>) -> Result<()> {
        let limit = match bytes {
            Some(bytes) => json!({ "origin": origin, "quotaSize": bytes }),
            None => json!({ "origin": origin }),
        };
        let cdp = self.driver.cdp();
        cdp.send_raw("Storage.overrideQuotaForOrigin", limit)
            .await?;
        Ok(())
    }

    /// Runs a script before those of every page from now on. Gives the name to undo it by.
    pub async fn before_pages(&self, source: &str) -> Result<String> {
        let cdp = self.driver.cdp();
        let answer = cdp
            .send_raw(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": source }),
            )
            .await?;
        let name = answer.get("identifier").and_then(Value::as_str);
        Ok(name.context("no identifier")?.to_owned())
    }

    /// From the next page on, the browser keeps nothing for pages, as in the strictest private mode. Gives the name to undo it by.
    pub async fn refuse_storage(&self) -> Result<String> {
        let source = "for (const name of ['localStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });";
        self.before_pages(source).await
    }

    /// Undoes what runs before pages.
    pub async fn allow_storage(&self, name: &str) -> Result<()> {
        let script = json!({ "identifier": name });
        let cdp = self.driver.cdp();
        cdp.send_raw("Page.removeScriptToEvaluateOnNewDocument", script)
            .await?;
        Ok(())
    }

    /// The first thing that the selector finds, once it is there.
    pub async fn wait_for(&self, selector: &str) -> Result<WebElement> {
        let query = self
            .driver
            .query(By::Css(selector))
            .wait(PATIENCE, INTERVAL);
        query
            .first()
            .await
            .with_context(|| format!("waiting for {selector}"))
    }

    /// What has this test id, once it is there.
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        self.wait_for(&with_id(id)).await
    }

    /// What has this test id and this value of an attribute, once it is there.
    pub async fn see_with(&self, id: &str, attribute: &str, value: &str) -> Result<WebElement> {
        self.wait_for(&format!("{}[{attribute}='{value}']", with_id(id)))
            .await
    }

    /// Whether something has this test id now.
    pub async fn shows(&self, id: &str) -> Result<bool> {
        self.has(&with_id(id)).await
    }

    /// Whether the selector finds something now.
    pub async fn has(&self, selector: &str) -> Result<bool> {
        Ok(!self.driver.find_all(By::Css(selector)).await?.is_empty())
    }

    /// Waits until nothing has this test id.
    pub async fn until_gone(&self, id: &str) -> Result<()> {
        let query = self
            .driver
            .query(By::Css(with_id(id)))
            .wait(PATIENCE, INTERVAL);
        query
            .wait_until_gone()
            .await
            .with_context(|| format!("waiting for {id} to go"))
    }

    /// Everything that has this test id now.
    pub async fn all(&self, id: &str) -> Result<Vec<WebElement>> {
        Ok(self.driver.find_all(By::Css(with_id(id))).await?)
    }

    /// The text of what has this test id.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.see(id).await?.text().await?)
    }

    /// Waits until what has this test id reads so.
    pub async fn until_text(&self, id: &str, text: &str) -> Result<()> {
        let query = self
            .driver
            .query(By::Css(with_id(id)))
            .with_text(text.to_owned())
            .wait(PATIENCE, INTERVAL);
        query
            .first()
            .await
            .with_context(|| format!("waiting for {id} to read {text}"))?;
        Ok(())
    }

    /// Waits until what has this test id has the focus.
    pub async fn until_focus(&self, id: &str) -> Result<()> {
        self.wait_for(&format!("{}:focus", with_id(id))).await?;
        Ok(())
    }

    /// An attribute of what has this test id.
    pub async fn attribute(&self, id: &str, name: &str) -> Result<String> {
        let value = self.see(id).await?.attr(name.to_owned()).await?;
        value.with_context(|| format!("{id} has no {name}"))
    }

    /// Clicks what has this test id.
    pub async fn click(&self, id: &str) -> Result<()> {
        Ok(self.see(id).await?.click().await?)
    }

    /// Writes into what has this test id, as pasting does.
    pub async fn paste(&self, id: &str, text: &str) -> Result<()> {
        let field = self.see(id).await?;
        field.clear().await?;
        field.click().await?;
        self.driver.cdp().input().insert_text(text).await?;
        Ok(())
    }

    /// Selects the option with this value.
    pub async fn select(&self, id: &str, value: &str) -> Result<()> {
        let option = self
            .wait_for(&format!("{} option[value='{value}']", with_id(id)))
            .await?;
        Ok(option.click().await?)
    }

    /// Writes wherever the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        Ok(self.driver.cdp().input().insert_text(text).await?)
    }

    /// Chooses a file or folder.
    pub async fn choose(&self, id: &str, path: &Path) -> Result<()> {
        let path = path.to_str().context("a path that is not text")?;
        Ok(self.see(id).await?.send_keys(path).await?)
    }

    /// Drops files or folders from outside onto what has this test id, as the system does.
    pub async fn drop_onto(&self, id: &str, paths: &[&Path]) -> Result<()> {
        let target = self.see(id).await?;
        target.scroll_into_view().await?;
        let script = "const r = arguments[0].getBoundingClientRect(); return [r.x + 20, r.y + 20];";
        let place: (f64, f64) = self.run(script, vec![target.to_json()?]).await?;
        let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
        for step in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": step, "x": place.0, "y": place.1, "data": data });
            self.driver
                .cdp()
                .send_raw("Input.dispatchDragEvent", event)
                .await?;
        }
        Ok(())
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// The test id of what has the focus; empty if it has none.
    pub async fn focus(&self) -> Result<String> {
        self.run(
            "return document.activeElement?.dataset?.testid ?? '';",
            vec![],
        )
        .await
    }

    /// Runs a script's body and gives what it returns.
    pub async fn run<T: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        Ok(self.driver.execute(script, arguments).await?.convert()?)
    }

    /// The same for a script that calls its last argument when it is done.
    pub async fn run_async<T: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        arguments: Vec<Value>,
    ) -> Result<T> {
        Ok(self
            .driver
            .execute_async(script, arguments)
            .await?
            .convert()?)
    }

    /// The whole page as a PNG, from top to bottom.
    pub async fn photograph(&self, path: &Path) -> Result<()> {
        let cdp = self.driver.cdp();
        let metrics = cdp.send_raw("Page.getLayoutMetrics", json!({})).await?;
        let size = metrics.get("cssContentSize").context("no size")?;
        let clip =
            json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let answer = cdp.send_raw("Page.captureScreenshot", shot).await?;
        let data = answer
            .get("data")
            .and_then(Value::as_str)
            .context("no picture")?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, BASE64.decode(data.as_bytes())?)?)
    }

    /// The page as it is printed: a PDF.
    pub async fn print(&self) -> Result<Vec<u8>> {
        Ok(self.driver.print_page(PrintParameters::default()).await?)
    }

    /// The same on paper of the size that the page asks for.
    pub async fn print_to_size(&self) -> Result<Vec<u8>> {
        let size = json!({ "preferCSSPageSize": true });
        let answer = self.driver.cdp().send_raw("Page.printToPDF", size).await?;
        let data = answer.get("data").and_then(Value::as_str);
        Ok(BASE64.decode(data.context("no print")?.as_bytes())?)
    }

    /// What the console has said since it was last asked.
    pub async fn console(&self) -> Result<Vec<BrowserLogEntry>> {
        Ok(self.driver.browser_log().await?)
    }

    /// A file that the page lets its reader save, once it is all there.
    pub async fn downloaded(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.profile.path().join("downloads").join(name);
        let begun = Instant::now();
        let mut ticks = tokio::time::interval(INTERVAL);
        while begun.elapsed() < PATIENCE {
            ticks.tick().await;
            if let Ok(content) = std::fs::read(&path)
                && !content.is_empty()
            {
                std::fs::remove_file(&path)?;
                return Ok(content);
            }
        }
        bail!("{name} was not saved")
    }
}

fn with_id(id: &str) -> String {
    format!("[data-testid='{id}']")
}
