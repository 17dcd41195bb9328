//! Headers that were verified on an earlier visit, as their node sent them: they hold no signatures, and nobody believes them, for every
//! check links them by hash anew. They only save asking for them again.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use verifier_core::{Height, Request};

/// At most so many headers are kept: a day and a night of them.
const LIMIT: usize = 20_000;

/// Headers by height, each the JSON of a `block_meta` in CometBFT's `/blockchain`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptHeaders {
    metas: BTreeMap<Height, String>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: Metas<'a>,
}

#[derive(Deserialize)]
struct Metas<'a> {
    #[serde(borrow)]
    block_metas: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Meta {
    header: Header,
}

#[derive(Deserialize)]
struct Header {
    height: String,
}

impl KeptHeaders {
    /// Reads what [`KeptHeaders::to_text`] wrote. A line that cannot be read is as good as none.
    pub fn parse(text: &str) -> Self {
        let metas = text.lines().take(LIMIT).filter_map(|line| {
            let (height, meta) = line.split_once(' ')?;
            Some((height.parse().ok()?, meta.to_owned()))
        });
        Self {
            metas: metas.collect(),
        }
    }

    /// One line for each header: its height and its JSON.
    pub fn to_text(&self) -> String {
        let lines = self.metas.iter();
        lines
            .map(|(height, meta)| format!("{height} {meta}\n"))
            .collect()
    }

    /// The answer to a request for headers, if all of them are kept.
    pub fn answer(&self, request: &Request) -> Option<Vec<u8>> {
        let Request::Headers { from, to } = request else {
            return None;
        };
        let metas: Option<Vec<&str>> = (*from..=*to)
            .rev()
            .map(|height| self.metas.get(&height).map(String::as_str))
            .collect();
        let metas = metas?.join(",");
        let answer = format!(
            r#"{{"jsonrpc":"2.0","id":-1,"result":{{"last_height":"{to}","block_metas":[{metas}]}}}}"#
        );
        Some(answer.into_bytes())
    }

    /// Adds what a node answered to a request for headers.
    pub fn take(&mut self, request: &Request, answer: &[u8]) {
        if !matches!(request, Request::Headers { .. }) || self.metas.len() >= LIMIT {
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(answer) else {
            return;
        };
        for raw in answer.result.block_metas {
            let one_line = !raw.get().contains('\n');
            let height = serde_json::from_str::<Meta>(raw.get()).ok();
            let height = height.and_then(|meta| meta.header.height.parse().ok());
            if let Some(height) = height.filter(|_| one_line) {
                self.metas.insert(height, raw.get().to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"jsonrpc":"2.0","id":-1,"result":{"last_height":"9","block_metas":[{"header":{"height":"4","x":"b"}},{"header":{"height":"3","x":"a"}}]}}"#;

    fn kept() -> KeptHeaders {
        let mut kept = KeptHeaders::default();
        kept.take(&Request::Headers { from: 3, to: 4 }, ANSWER.as_bytes());
        kept
    }

    #[test]
    fn answers_what_it_was_told_and_nothing_else() {
        let kept = kept();
        let answer = kept.answer(&Request::Headers { from: 3, to: 4 }).unwrap();
        let mut again = KeptHeaders::default();
        again.take(&Request::Headers { from: 3, to: 4 }, &answer);
        assert_eq!(again, kept);
        assert_eq!(kept.answer(&Request::Headers { from: 2, to: 4 }), None);
        assert_eq!(kept.answer(&Request::Commit(3)), None);
    }

    #[test]
    fn a_header_is_kept_as_it_came() {
        let answer = kept().answer(&Request::Headers { from: 4, to: 4 }).unwrap();
        let text = String::from_utf8(answer).unwrap();
        assert!(
            text.contains(r#"{"header":{"height":"4","x":"b"}}"#),
            "{text}"
        );
    }

    #[test]
    fn survives_being_written_and_read() {
        assert_eq!(KeptHeaders::parse(&kept().to_text()), kept());
    }

    #[test]
    fn nonsense_is_no_header() {
        let mut kept = KeptHeaders::parse("nonsense\n7\n{}\n");
        kept.take(&Request::Headers { from: 3, to: 4 }, b"{}");
        assert_eq!(kept, KeptHeaders::default());
    }
}
