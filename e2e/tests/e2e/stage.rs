//! What all tests share, each part set up when the first test asks for it.

use crate::visit::{Reader, Visit};
use anyhow::{Context, Result, anyhow};
use e2e::{Browser, Chromedriver, Election, Language, Liar, Lie, Tale, ending_with};
use libtest_mimic::{Failed, Trial};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use verifier_core::TrustCard;

/// Gyeonggi's municipalities.
const MUNICIPALITIES: u16 = 31;
const BALLOTS: u32 = 400;
/// Names the number of municipalities of a network of real nodes, on which the election is held instead.
const NETWORK: &str = "CHAMGWAN_NETWORK";

/// The shared things.
pub struct Stage {
    runtime: Runtime,
    election: OnceCell<Election>,
    chromedriver: OnceCell<Chromedriver>,
    /// Browsers that wait for their next test.
    idle: Mutex<Vec<Browser>>,
}

impl Stage {
    /// Nothing is started yet.
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        Self {
            runtime: runtime.expect("a runtime"),
            election: OnceCell::new(),
            chromedriver: OnceCell::new(),
            idle: Mutex::default(),
        }
    }

    /// The election; the first who asks waits while it is held.
    pub async fn election(&self) -> Result<&Election> {
        self.election
            .get_or_try_init(async || match network()? {
                None => Election::hold(MUNICIPALITIES, BALLOTS).await,
                Some(municipalities) => Election::hold_on_network(municipalities, BALLOTS).await,
            })
            .await
    }

    /// A node that tells this lie about the election.
    pub async fn liar(&self, lie: Lie) -> Result<Liar> {
        let election = self.election().await?;
        let tale = Tale::of(lie, &election.truth, &election.plot()?)?;
        Liar::start(tale, election.url()).await
    }

    /// A node of a ledger in which all validators together tell this lie, and the trust card of who believes them.
    pub async fn conspiracy(&self, lie: Lie) -> Result<(Liar, TrustCard)> {
        let election = self.election().await?;
        let tale = Tale::by_all(lie, &election.truth, &election.plot()?)?;
        let ledger = tale.ledger.clone();
        let liar = Liar::start(tale, election.url()).await?;
        let card = ending_with(election.card_with_node(liar.url()), &ledger)?;
        Ok((liar, card))
    }

    /// A node that tells another history, which all validators have signed as well.
    pub async fn second_history(&self) -> Result<Liar> {
        let election = self.election().await?;
        Liar::start(election.second_history()?, election.url()).await
    }

    /// A test without a browser.
    pub fn trial<F, T>(self: &Arc<Self>, name: &str, test: T) -> Trial
    where
        F: Future<Output = Result<()>>,
        T: FnOnce(Arc<Self>) -> F + Send + 'static,
    {
        let stage = Arc::clone(self);
        Trial::test(name, move || {
            let runtime = stage.runtime.handle().clone();
            runtime.block_on(test(stage)).map_err(failed)
        })
    }

    /// A test at a browser. It also fails if the page broke its own policy or said in the console that something went wrong.
    pub fn visit<T>(self: &Arc<Self>, name: &str, reader: Reader, test: T) -> Trial
    where
        T: AsyncFnOnce(&Visit) -> Result<()> + Send + 'static,
    {
        let stage = Arc::clone(self);
        let title = format!("{name}::{}", reader.name());
        let ready = what_is_missing().is_none();
        Trial::test(title.clone(), move || {
            let runtime = stage.runtime.handle().clone();
            runtime
                .block_on(stage.run_visit(&title, reader, test))
                .map_err(failed)
        })
        .with_ignored_flag(!ready)
    }

    async fn run_visit<T>(self: Arc<Self>, name: &str, reader: Reader, test: T) -> Result<()>
    where
        T: AsyncFnOnce(&Visit) -> Result<()>,
    {
        let browser = self.browser(reader.language).await?;
        browser.resize(reader.width).await?;
        let visit = Visit {
            stage: Arc::clone(&self),
            browser,
            reader,
        };
        let outcome = match test(&visit).await {
            Ok(()) => visit.console_is_clean().await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            let picture = artefacts()
                .join("failed")
                .join(format!("{}.png", name.replace("::", "-")));
            let taken = visit.browser.photograph(&picture).await.is_ok();
            let _ = visit.browser.quit().await;
            return Err(error.context(if taken {
                format!("the page: {}", picture.display())
            } else {
                "no picture".into()
            }));
        }
        visit.browser.open_nothing().await?;
        self.idle
            .lock()
            .map_err(|_| anyhow!("a test panicked"))?
            .push(visit.browser);
        Ok(())
    }

    /// A browser beside the others whose camera shows this film.
    pub async fn browser_with_camera(&self, language: Language, film: &Path) -> Result<Browser> {
        let chromedriver = self
            .chromedriver
            .get_or_try_init(Chromedriver::start)
            .await?;
        Browser::start_with_camera(chromedriver, language, film).await
    }

    /// A browser of its own, with an empty profile, for somebody else.
    pub async fn another_browser(&self, language: Language) -> Result<Browser> {
        let chromedriver = self
            .chromedriver
            .get_or_try_init(Chromedriver::start)
            .await?;
        Browser::start(chromedriver, language).await
    }

    async fn browser(&self, language: Language) -> Result<Browser> {
        let idle = self.idle.lock().ok().and_then(|mut idle| {
            let at = idle
                .iter()
                .position(|browser| browser.language == language)?;
            Some(idle.swap_remove(at))
        });
        if let Some(browser) = idle {
            return Ok(browser);
        }
        let chromedriver = self
            .chromedriver
            .get_or_try_init(Chromedriver::start)
            .await?;
        Browser::start(chromedriver, language)
            .await
            .context("starting Chrome")
    }

    /// Stops everything that was started.
    pub fn close(&self) {
        let idle = self
            .idle
            .lock()
            .map(|mut idle| core::mem::take(&mut *idle))
            .unwrap_or_default();
        self.runtime.block_on(async {
            for browser in idle {
                let _ = browser.quit().await;
            }
            if let Some(chromedriver) = self.chromedriver.get() {
                chromedriver.stop().await;
            }
        });
    }
}

/// How many municipalities' real nodes the election is held on; the embedded engine if `None`.
pub fn network() -> Result<Option<u16>> {
    let Ok(number) = std::env::var(NETWORK) else {
        return Ok(None);
    };
    let number = number
        .parse()
        .with_context(|| format!("{NETWORK}={number}"))?;
    Ok(Some(number))
}

/// Where the built page is.
pub fn dist() -> PathBuf {
    std::env::var_os("CHAMGWAN_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from)
}

/// Where pictures of the pages are kept.
pub fn artefacts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("artefacts")
}

/// The folder that all packages are in.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What the tests at a browser need and do not find, as a sentence.
pub fn what_is_missing() -> Option<String> {
    if !dist().join("index.html").is_file() {
        Some(format!(
            "The page is not built in {}: run './x page', or './x test', which does it.",
            dist().display()
        ))
    } else if Chromedriver::program().is_none() {
        Some("There is no chromedriver: run './x setup', or './x test', which installs it.".into())
    } else if e2e::axe::script().is_err() {
        Some("AXE_CORE does not name axe-core's script: run './x test', which installs it and says where it is.".into())
    } else {
        None
    }
}

/// Fails with a sentence unless it holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(anyhow!(otherwise()))
    }
}

fn failed(error: anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
