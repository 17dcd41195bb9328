//! Headers that were verified once are not asked for again; damaged ones do no harm; nothing that is kept names a receipt.

use super::card;
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Liar, Site, Tale};
use verifier_core::Outcome;

/// Everything that the page keeps, in one text.
const KEPT: &str = "
    const done = arguments[0];
    (async () => {
        const texts = Object.entries(localStorage).flat();
        for (const name of await caches.keys()) {
            const store = await caches.open(name);
            for (const key of await store.keys()) texts.push(key.url, await (await store.match(key)).text());
        }
        return texts.join(' ');
    })().then(done);
";
/// Makes every header kept another one.
const DAMAGE: &str = "
    const done = arguments[0];
    (async () => {
        const store = await caches.open('chamgwan-headers');
        for (const key of await store.keys()) {
            const text = await (await store.match(key)).text();
            await store.put(key, new Response(text.replaceAll('\"app_hash\":\"', '\"app_hash\":\"00')));
        }
        return true;
    })().then(done);
";

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let node = Liar::start(Tale::truth(election.truth.clone()), election.url()).await?;
    let site = visit.site_with(&card(visit, &[node.url()]).await?).await?;
    accepted(visit, &site).await?;
    let first = headers_asked(&node);
    accepted(visit, &site).await?;
    let again = headers_asked(&node);
    ensure(first > 0 && again == first, || {
        format!("{first} questions for headers, then {again}")
    })?;
    let kept: String = visit.browser.run_async(KEPT, vec![]).await?;
    let receipt = &election.receipt(Outcome::Ok)?.receipt;
    let code = receipt.tracking_code.to_string();
    ensure(
        kept.contains("app_hash") && !kept.contains("signature"),
        || "no headers, or signatures too".into(),
    )?;
    ensure(!kept.contains(&code) && !kept.contains("CHG1"), || {
        "a receipt is kept".into()
    })?;
    let _: bool = visit.browser.run_async(DAMAGE, vec![]).await?;
    accepted(visit, &site).await?;
    ensure(headers_asked(&node) > again, || {
        "damaged headers were not asked for again".into()
    })
}

async fn accepted(visit: &Visit, site: &Site) -> Result<()> {
    visit.browser.open_nothing().await?;
    let receipt = &visit.election().await?.receipt(Outcome::Ok)?.text;
    visit.paste_receipt(site, receipt).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

fn headers_asked(node: &Liar) -> usize {
    let asked = node.asked();
    asked
        .iter()
        .filter(|it| it.starts_with("/blockchain"))
        .count()
}
