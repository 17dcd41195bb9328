//! Who somebody is: name, birth date and phone number of the roll, and a code that only that phone receives.
//!
//! Whether somebody is on the roll is answered to whoever holds their phone, and to nobody else: the answers are the same for people who are
//! not, only that no code comes.

use crate::limits::end_of_window;
use crate::refusal::Refusal;
use crate::roll::{Person, PersonId};
use crate::service::{Service, draw};
use crate::store::{Listed, Scope};
use crate::text::{self, Language};
use rand_core::{OsRng, RngCore};
use std::net::IpAddr;
use std::sync::Arc;
use verifier_core::{Hash, Seconds};
use zeroize::Zeroizing;

/// Codes have six digits.
const CODES: u32 = 1_000_000;
/// The largest multiple of a million in 32 bits: what is drawn from there on would favour low codes.
const EVEN: u32 = 4_294_000_000;

/// A code is on its way, if the person is on the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    pub session: [u8; 32],
    /// How long the code is good.
    pub seconds: Seconds,
}

/// Somebody has shown the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub token: [u8; 32],
    /// Whether they have asked for a signature before.
    pub asked: bool,
}

impl Service {
    /// Sends a code to a person's phone.
    ///
    /// # Errors
    /// If too many were asked for, or the person is locked out.
    pub async fn identify(
        self: &Arc<Self>,
        person: &Person,
        language: Language,
        from: IpAddr,
    ) -> Result<CodeSent, Refusal> {
        let now = self.clock.now();
        if self.is_closed() {
            return Err(Refusal::Closed);
        }
        self.limit_codes(person, from, now).await?;
        let subject = self.keys.roll.person(person);
        self.refuse_locked(&subject, now).await?;
        let listed = self.store.listed(&subject).await?;
        let (session, code) = (draw(), draw_code());
        let kept = match &listed {
            Some(_) => self.keys.roll.code(&session, &code),
            // No code is this one.
            None => draw(),
        };
        let expires = now.saturating_add(self.limits.code);
        let person = listed.as_ref().map(|listed| &listed.id);
        self.store
            .begin_session(&session, &subject, person, &kept, expires)
            .await?;
        if let Some(listed) = &listed {
            self.send(listed, language, &code)?;
        }
        Ok(CodeSent {
            session,
            seconds: self.limits.code,
        })
    }

    /// To the number on the roll, while the answer is on its way already: how long that takes says nothing.
    fn send(
        self: &Arc<Self>,
        listed: &Listed,
        language: Language,
        code: &str,
    ) -> Result<(), Refusal> {
        let phone = self.keys.roll.open(&listed.id, &listed.phone)?;
        let name = self.serving.own().map(|own| &own.name);
        let name = name.ok_or(Refusal::Interrupted)?;
        let text = Zeroizing::new(text::code(language, name, code));
        let service = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = service.sms.send(&phone, &text) {
                eprintln!("A code was not sent: {error}.");
            }
        });
        Ok(())
    }

    /// Takes a code. A right one is good once.
    ///
    /// # Errors
    /// If it is wrong, too old, or was tried too often.
    pub async fn confirm(&self, session: &[u8; 32], code: &str) -> Result<Confirmed, Refusal> {
        let now = self.clock.now();
        let limit = self.limits.attempts;
        let attempt = self.store.attempt(session, now, limit).await?;
        let attempt = attempt.ok_or(Refusal::CodeOver)?;
        self.refuse_locked(&attempt.subject, now).await?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let right = self.keys.roll.is_code(session, &code, &attempt.code);
        let Some(person) = attempt.person.filter(|_| right) else {
            let ends = end_of_window(now, self.limits.lockout);
            self.store
                .count(Scope::Wrong, &attempt.subject, ends)
                .await?;
            let left = limit.saturating_sub(attempt.attempts);
            return Err(Refusal::WrongCode { left });
        };
        if !self.store.end_session(session).await? {
            return Err(Refusal::CodeOver);
        }
        let token = draw();
        let expires = now.saturating_add(self.limits.token);
        self.store
            .put_token(&Hash::of(&token).0, &person, expires)
            .await?;
        let asked = self.store.issuance(&person).await?.is_some();
        Ok(Confirmed { token, asked })
    }

    /// Who holds a token.
    pub(crate) async fn holder(&self, token: &[u8; 32]) -> Result<PersonId, Refusal> {
        let id = Hash::of(token).0;
        let holder = self.store.holder(&id, self.clock.now()).await?;
        holder.ok_or(Refusal::TokenOver)
    }

    async fn limit_codes(
        &self,
        person: &Person,
        from: IpAddr,
        now: Seconds,
    ) -> Result<(), Refusal> {
        let limits = &self.limits;
        let ends = end_of_window(now, limits.window);
        let address = self.keys.roll.counted("address", &from.to_string());
        let phone = self.keys.roll.counted("phone", person.phone());
        let of_address = self.store.count(Scope::Address, &address, ends).await?;
        let of_phone = match of_address > limits.codes_per_address {
            // Whoever is over the limit uses up nobody's.
            true => 0,
            false => self.store.count(Scope::Phone, &phone, ends).await?,
        };
        if of_address > limits.codes_per_address || of_phone > limits.codes_per_phone {
            return Err(Refusal::TooMany(ends.saturating_sub(now)));
        }
        Ok(())
    }

    async fn refuse_locked(&self, subject: &PersonId, now: Seconds) -> Result<(), Refusal> {
        let ends = end_of_window(now, self.limits.lockout);
        let wrong = self.store.counted(Scope::Wrong, subject, ends).await?;
        if wrong >= self.limits.wrong_codes {
            return Err(Refusal::Locked(ends.saturating_sub(now)));
        }
        Ok(())
    }
}

/// Six digits, all equally likely.
fn draw_code() -> Zeroizing<String> {
    loop {
        let drawn = OsRng.next_u32();
        if drawn < EVEN {
            let code = drawn.checked_rem(CODES).unwrap_or(0);
            return Zeroizing::new(format!("{code:06}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_six_digits_and_differ() {
        let codes: std::collections::BTreeSet<String> =
            (0..200).map(|_| draw_code().to_string()).collect();
        assert!(codes.len() > 190);
        for code in codes {
            assert!(code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()));
        }
        assert_eq!(EVEN % CODES, 0);
    }
}
