//! Rights on phones without a browser: two people register, claim, and one of them votes; the recount accepts the election.

use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use e2e::{Phones, Transport, now};
use node::client::{Client, Taken};
use node::rehearsal::Follower;
use rand_core::{OsRng, RngCore};
use serde_json::{Value, json};
use std::time::Duration;
use verifier_core::prove::{
    BallotProver, Blinding, SigningKey, VoterElection, public_key, sign_body,
};
use verifier_core::{
    Action, Body, GenesisState, MunicipalityIndex, Outcome, RsaModulus, TrackingCode, Transaction,
    TrustCard, Verdict, countersigner,
};

const PEOPLE: usize = 5;
const REGISTRATION: u64 = 25;
const VOTING: u64 = 60;
/// Blocks come when enough municipalities have signed them, and all of them on the same cores.
const REGISTRATION_ON_NETWORK: u64 = 40;
/// It is waited for.
const VOTING_ON_NETWORK: u64 = 30;
const GLANCE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn people_who_register_by_phone_are_counted_and_the_recount_accepts() -> Result<()> {
    are_counted(Phones::open(PEOPLE, REGISTRATION, VOTING).await?).await
}

#[tokio::test]
async fn real_nodes_count_them_as_well() -> Result<()> {
    if let Err(error) = e2e::programs() {
        eprintln!("{error} Nobody registers by phone on real nodes.");
        return Ok(());
    }
    let registration = REGISTRATION_ON_NETWORK;
    are_counted(Phones::open_on_network(PEOPLE, registration, VOTING_ON_NETWORK).await?).await
}

/// Two people register, at municipalities 0 and 2, and the first of them votes.
async fn are_counted(mut phones: Phones) -> Result<()> {
    let first = Device::register(&phones, 0, 0).await?;
    let second = Device::register(&phones, 2, 4).await?;
    phones.stop_registrar(1).await?;
    let gone = reqwest::get(format!("{}/about", registrar(&phones, 1)?)).await;
    ensure!(gone.is_err(), "a registrar that was stopped answers");
    phones.start_registrar(1).await?;
    let about = reqwest::get(format!("{}/about", registrar(&phones, 1)?)).await?;
    let about: Value = serde_json::from_slice(&about.bytes().await?)?;
    ensure!(field(&about, "countersigned")? == &json!(1), "{about}");
    for device in [&first, &second] {
        send(&phones, &device.claim).await?;
    }
    phones.until_opening().await?;
    let ballot = first.ballot(&phones).await?;
    send(&phones, &ballot).await?;
    ensure!(ledger(&phones, &ballot).await?.1 == Outcome::Ok);
    let card = phones.until_result().await?;
    ensure!(card.final_header.is_some() && card.registrars == phones.card.registrars);
    let recounted = Transport::new(phones.url(), PATIENCE)
        .recount(card, now())
        .await;
    let report = recounted.report.context("no report")?;
    ensure!(report.verdict == Verdict::Accepted, "{:?}", report.checks);
    let claimed = report.participation.iter();
    let claimed: Vec<_> = claimed
        .map(|p| (p.recorded, p.claimed, p.claimed_ballots))
        .collect();
    let expected = (0..claimed.len()).map(|municipality| match municipality {
        0 => (1, 1, 1),
        2 => (1, 1, 0),
        _ => (0, 0, 0),
    });
    ensure!(claimed.iter().copied().eq(expected), "{claimed:?}");
    Ok(())
}

/// What is on a phone once both municipalities have signed.
struct Device {
    key: SigningKey,
    claim: Transaction,
}

impl Device {
    async fn register(phones: &Phones, home: MunicipalityIndex, number: usize) -> Result<Self> {
        let card = &phones.card;
        let election = election(card);
        let mut seed = [0; 32];
        OsRng.fill_bytes(&mut seed);
        let key = SigningKey::from_bytes(&seed);
        let message = election.claim_message(&public_key(&key));
        let blind = |key: &RsaModulus| Blinding::new(*key, &message, &mut OsRng);
        let all = card.contract.municipalities.len();
        let next = countersigner(home, all).context("nobody countersigns")?;

        let own = registrar(phones, home)?;
        let token = token(phones, own, home, number).await?;
        let keys = card.contract.claim_keys.get(usize::from(home));
        let blinding = blind(&keys.context("no keys")?.home)?;
        let blinded = HEXLOWER.encode(blinding.blinded());
        let asked = json!({ "token": token, "blinded": blinded });
        let signed = until_signed(own, "/sign", &asked).await?;
        let home_signature = blinding.finalize(&signature(&signed)?)?;

        let keys = card.contract.claim_keys.get(usize::from(next));
        let blinding = blind(&keys.context("no keys")?.countersign)?;
        let asked = json!({
            "home": home,
            "commitment": field(&signed, "commitment")?,
            "authorisation": field(&signed, "authorisation")?,
            "blinded": HEXLOWER.encode(blinding.blinded()),
        });
        let signed = until_signed(registrar(phones, next)?, "/countersign", &asked).await?;
        let countersignature = blinding.finalize(&signature(&signed)?)?;
        let claim = election.claim(home, home_signature, countersignature, &key);
        Ok(Self { key, claim })
    }

    /// Encrypted under keys that the ledger's own transactions give.
    async fn ballot(&self, phones: &Phones) -> Result<Transaction> {
        let (follower, claimed) = ledger(phones, &self.claim).await?;
        ensure!(claimed == Outcome::Ok, "the claim: {claimed:?}");
        let address = public_key(&self.key);
        let mut rights = follower.election().all_issued();
        let right = rights.find(|(_, holder)| *holder == address);
        let (asset, _) = right.context("no right was claimed")?;
        let keys = follower.election().complete_key_set().context("no keys")?;
        let prover = BallotProver::new(keys.ballot_keys());
        let ballot = prover.prove(asset, address, *b"CALL", 1, &mut OsRng)?;
        let election = election(&phones.card);
        let body = Body::new(election.genesis, election.contract, Action::Cast(ballot));
        Ok(sign_body(body, &[&self.key]))
    }
}

/// What whoever shows the code gets.
async fn token(
    phones: &Phones,
    url: &str,
    home: MunicipalityIndex,
    number: usize,
) -> Result<String> {
    let person = phones.person(home, number)?;
    let asked = json!({ "name": person.name, "birth": person.birth, "phone": person.phone, "language": "en" });
    let (status, sent) = ask(url, "/identify", &asked).await?;
    ensure!(status == 200, "{sent}");
    let code = phones.code(&person.phone, 0).await?;
    ensure!(phones.texts(&person.phone)? == 1, "more than one text");
    let asked = json!({ "session": field(&sent, "session")?, "code": code });
    let (status, confirmed) = ask(url, "/confirm", &asked).await?;
    ensure!(status == 200, "{confirmed}");
    Ok(text(&confirmed, "token")?.to_owned())
}

async fn until_signed(url: &str, route: &str, asked: &Value) -> Result<Value> {
    loop {
        let (status, answer) = ask(url, route, asked).await?;
        match status {
            202 => tokio::time::sleep(GLANCE).await,
            _ => {
                ensure!(status == 200, "{answer}");
                return Ok(answer);
            }
        }
    }
}

async fn ask(url: &str, route: &str, asked: &Value) -> Result<(u16, Value)> {
    let request = reqwest::Client::new().post(format!("{url}{route}"));
    let answer = request.json(asked).send().await?;
    let status = answer.status().as_u16();
    Ok((status, serde_json::from_slice(&answer.bytes().await?)?))
}

async fn send(phones: &Phones, transaction: &Transaction) -> Result<()> {
    let (node, bytes) = (Client::new(phones.url()), transaction.encode());
    let taken = tokio::task::spawn_blocking(move || node.broadcast(&bytes)).await??;
    ensure!(matches!(taken, Taken::Waiting { .. }), "{taken:?}");
    Ok(())
}

/// The ledger once it holds this transaction, and what became of that.
async fn ledger(phones: &Phones, transaction: &Transaction) -> Result<(Follower, Outcome)> {
    let code = transaction.body.tracking_code();
    let (card, node) = (phones.card.clone(), Client::new(phones.url()));
    tokio::task::spawn_blocking(move || follow(&card, node, &code)).await?
}

fn follow(card: &TrustCard, node: Client, code: &TrackingCode) -> Result<(Follower, Outcome)> {
    let registrars = card.contract.municipalities.iter().map(|m| m.registrar);
    let mut follower = Follower::new(card.genesis, GenesisState::new(registrars.collect()));
    let end = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < end {
        follower.read(std::slice::from_ref(&node))?;
        if let Some(recorded) = follower.recorded(code) {
            let outcome = recorded.outcome;
            return Ok((follower, outcome));
        }
        std::thread::sleep(GLANCE);
    }
    anyhow::bail!("the transaction is not on the ledger")
}

fn election(card: &TrustCard) -> VoterElection {
    VoterElection {
        genesis: card.genesis,
        contract: card.contract_id(),
    }
}

fn registrar(phones: &Phones, municipality: MunicipalityIndex) -> Result<&str> {
    let url = phones.registrars().get(usize::from(municipality));
    Ok(url.context("no such registrar")?)
}

fn signature(answer: &Value) -> Result<[u8; verifier_core::RSA_BYTES]> {
    let bytes = HEXLOWER.decode(text(answer, "signature")?.as_bytes())?;
    Ok(bytes.as_slice().try_into()?)
}

fn text<'a>(answer: &'a Value, name: &str) -> Result<&'a str> {
    field(answer, name)?.as_str().context("not a text")
}

fn field<'a>(answer: &'a Value, name: &str) -> Result<&'a Value> {
    answer
        .get(name)
        .with_context(|| format!("no {name} in {answer}"))
}
