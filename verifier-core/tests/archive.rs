//! The archive's files: what is written is read back, small enough, and nothing else is taken for a bundle, an index or hints.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use frozen::{elections, findings, good, ledger_blocks, recount};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use verifier_core::{
    ArchiveError, ArchiveIndex, ArchivedBlock, BUNDLE_BLOCKS, BUNDLE_LIMIT, Bundle, BundleEntry,
    BundleWriter, Doubt, FrozenElection, GenesisHash, Hash, Hints, HintsEntry, LedgerBlock,
    Request, SourceFault, Transaction, TxResult, cast_hints, decompression_hints, encode_hints,
    export_file,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NOW: u64 = 1_780_001_260;

fn archived(block: &LedgerBlock<'_>) -> ArchivedBlock {
    ArchivedBlock::new(&block.header, &block.transactions, &block.results)
}

/// Whatever the writer's rule says, all in one.
fn bundle_of(blocks: &[LedgerBlock<'_>]) -> Vec<u8> {
    let mut writer = BundleWriter::new(false);
    for block in blocks {
        writer.push(&archived(block)).unwrap();
    }
    writer.close(&blocks.last().unwrap().next)
}

fn good_bundle() -> (FrozenElection, Vec<u8>) {
    let election = good();
    let bundle = bundle_of(&ledger_blocks(&election));
    (election, bundle)
}

#[test]
fn every_frozen_election_is_read_back_as_it_was_written() {
    for (name, election) in elections() {
        let blocks = ledger_blocks(&election);
        let bytes = bundle_of(&blocks);
        let bundle = Bundle::decode(&bytes).unwrap();
        assert_eq!(bundle.first(), 1, "{name}");
        let read = bundle.into_blocks();
        assert_eq!(read.len(), blocks.len(), "{name}");
        for (read, written) in read.iter().zip(&blocks) {
            assert_eq!(read.header, written.header, "{name}");
            assert_eq!(read.transactions, written.transactions, "{name}");
            assert_eq!(read.results, written.results, "{name}");
            assert_eq!(read.next, written.next, "{name}");
        }
    }
}

#[test]
fn a_recount_from_bundles_gives_the_report_that_it_gives_from_a_node() {
    let (election, bytes) = good_bundle();
    let mut counted = recount(&election);
    for block in Bundle::decode(&bytes).unwrap().into_blocks() {
        counted.add_block(&block).unwrap();
    }
    let mut asked = recount(&election);
    for block in ledger_blocks(&election) {
        asked.add_block(&block).unwrap();
    }
    let finish = |recount: verifier_core::Recount| recount.finish(Err(Doubt::NoTotals), NOW, None);
    assert_eq!(finish(counted).digest(), finish(asked).digest());
}

/// Outcomes beyond those of this application, as a header may commit to them.
#[test]
fn outcomes_with_data_and_gas_are_read_back() {
    let election = good();
    let mut block = ledger_blocks(&election).remove(0);
    block.results = vec![
        TxResult::default(),
        TxResult {
            code: u32::MAX,
            data: vec![0; 300],
            gas_wanted: -1,
            gas_used: i64::MAX,
        },
    ];
    let bytes = bundle_of(std::slice::from_ref(&block));
    let read = Bundle::decode(&bytes).unwrap().into_blocks().remove(0);
    assert_eq!(read.results, block.results);
}

#[test]
fn every_bundle_that_is_cut_or_continued_is_refused() {
    let (_, bytes) = good_bundle();
    let stride = if cfg!(target_arch = "wasm32") { 13 } else { 1 };
    for end in (0..bytes.len()).step_by(stride) {
        let refused = Bundle::decode(&bytes[..end]).unwrap_err();
        assert!(
            matches!(
                refused,
                ArchiveError::Cut { .. } | ArchiveError::BlockCount { .. }
            ),
            "{end}: {refused}"
        );
    }
    for more in [1, 4, 1000] {
        let longer = [bytes.clone(), vec![0; more]].concat();
        assert_eq!(
            Bundle::decode(&longer).unwrap_err(),
            ArchiveError::Trailing { count: more }
        );
    }
}

/// A change is refused here, or stands in a transaction, an outcome or a header, where the recount finds it.
#[test]
fn every_flipped_byte_is_refused_or_found_by_the_recount() {
    let (election, bytes) = good_bundle();
    let stride = if cfg!(target_arch = "wasm32") { 97 } else { 7 };
    for at in (0..bytes.len()).step_by(stride) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let Ok(bundle) = Bundle::decode(&changed) else {
            continue;
        };
        let mut recount = recount(&election);
        let added: Result<Vec<()>, _> = bundle
            .into_blocks()
            .iter()
            .map(|block| recount.add_block(block))
            .collect();
        assert!(added.is_err(), "byte {at}");
    }
}

#[test]
fn random_bytes_and_random_changes_never_panic() {
    let (_, bytes) = good_bundle();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut below = |bound: usize| usize::try_from(rng.next_u64()).unwrap_or(7) % bound;
    for _ in 0..2_000 {
        let mut noise: Vec<u8> = (0..below(300))
            .map(|_| below(256).try_into().unwrap())
            .collect();
        if let Some(version) = noise.first_mut() {
            *version = 1;
        }
        let _ = Bundle::decode(&noise);
        let _ = Hints::decode(&noise);
        let _ = ArchiveIndex::parse(&noise);
    }
    for _ in 0..300 {
        let mut changed = bytes.clone();
        for _ in 0..=below(4) {
            let at = below(changed.len());
            changed[at] = below(256).try_into().unwrap();
        }
        changed.truncate(below(changed.len() + 1));
        let _ = Bundle::decode(&changed);
    }
}

#[test]
fn blocks_swapped_repeated_or_left_out_are_refused() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let forged = |order: &[usize]| {
        let mut bytes = vec![1];
        bytes.extend(u32::try_from(order.len()).unwrap().to_le_bytes());
        let next = &blocks[*order.last().unwrap()].next;
        for at in order {
            let mut writer = BundleWriter::new(true);
            writer.push(&archived(&blocks[*at])).unwrap();
            let one = writer.close(&blocks[*at].next);
            let tail = header_bytes(&blocks[*at].next).len();
            bytes.extend(&one[5..one.len() - tail]);
        }
        bytes.extend(header_bytes(next));
        bytes
    };
    assert!(Bundle::decode(&forged(&[0, 1, 2])).is_ok());
    assert_eq!(forged(&[0, 1, 2]), bundle_of(&blocks[..3]));
    for wrong in [[1, 0, 2], [0, 0, 1], [0, 1, 1], [0, 2, 3]] {
        assert!(matches!(
            Bundle::decode(&forged(&wrong)),
            Err(ArchiveError::HeaderOrder { .. })
        ));
    }
    let mut ends_elsewhere = forged(&[0, 1]);
    ends_elsewhere.truncate(ends_elsewhere.len() - header_bytes(&blocks[1].next).len());
    ends_elsewhere.extend(header_bytes(&blocks[2].next));
    assert!(matches!(
        Bundle::decode(&ends_elsewhere),
        Err(ArchiveError::HeaderOrder { .. })
    ));
    let mut writer = BundleWriter::new(false);
    writer.push(&archived(&blocks[0])).unwrap();
    assert!(writer.push(&archived(&blocks[2])).is_err());
}

/// A signed header as it stands in a bundle, behind its length.
fn header_bytes(header: &tendermint::block::signed_header::SignedHeader) -> Vec<u8> {
    use tendermint_proto::Protobuf;
    use tendermint_proto::v0_38::types::SignedHeader as Raw;
    let bytes = Protobuf::<Raw>::encode_vec(header.clone());
    verifier_core::encode(&bytes)
}

#[test]
fn wrong_versions_counts_and_sizes_are_refused() {
    let (_, bytes) = good_bundle();
    let with = |at: usize, value: &[u8]| {
        let mut changed = bytes.clone();
        changed[at..at + value.len()].copy_from_slice(value);
        Bundle::decode(&changed).map(drop).unwrap_err()
    };
    for version in [0, 2, 255] {
        assert!(matches!(
            with(0, &[version]),
            ArchiveError::UnknownVersion { .. }
        ));
    }
    assert!(matches!(
        with(1, &[0; 4]),
        ArchiveError::BlockCount { actual: 0, .. }
    ));
    let many = u32::try_from(BUNDLE_BLOCKS + 1).unwrap();
    assert!(matches!(
        with(1, &many.to_le_bytes()),
        ArchiveError::BlockCount { .. }
    ));
    assert!(matches!(with(1, &[0xff; 4]), ArchiveError::Cut { .. }));
    assert!(matches!(with(5, &[0xff; 4]), ArchiveError::Cut { .. }));
    let huge = vec![1; BUNDLE_LIMIT + 1];
    assert!(matches!(
        Bundle::decode(&huge),
        Err(ArchiveError::TooLarge { .. })
    ));
    assert!(matches!(
        Hints::decode(&huge),
        Err(ArchiveError::TooLarge { .. })
    ));
    assert_eq!(
        SourceFault::from(ArchiveError::TooLarge {
            actual: 2,
            limit: 1
        }),
        SourceFault::TooLarge { limit: 1 }
    );
}

/// Protobuf has many encodings of one header; a bundle takes one.
#[test]
fn a_header_in_another_encoding_is_refused() {
    let election = good();
    let block = ledger_blocks(&election).remove(0);
    let bytes = bundle_of(std::slice::from_ref(&block));
    let length = u32::from_le_bytes(bytes[5..9].try_into().unwrap());
    // An unknown field at the end, which protobuf ignores.
    let at = 9 + usize::try_from(length).unwrap();
    let mut changed = bytes.clone();
    changed.splice(at..at, [0x78, 0x01]);
    changed[5..9].copy_from_slice(&(length + 2).to_le_bytes());
    assert!(matches!(
        Bundle::decode(&changed),
        Err(ArchiveError::Header { .. })
    ));
}

#[test]
fn a_bundle_is_cut_before_the_first_ballots_and_never_within_a_block() {
    let election = good();
    let blocks: Vec<ArchivedBlock> = ledger_blocks(&election).iter().map(archived).collect();
    let first = blocks.iter().position(|block| block.ballots() > 0).unwrap();
    let mut setup = BundleWriter::new(false);
    for block in &blocks[..first] {
        assert!(setup.takes(block));
        setup.push(block).unwrap();
    }
    assert!(!setup.takes(&blocks[first]));
    let mut later = BundleWriter::new(true);
    for block in &blocks[..=first] {
        assert!(later.takes(block));
        later.push(block).unwrap();
    }
    assert_eq!(later.ballots(), blocks[first].ballots());
    assert_eq!(
        later.heights(),
        Some((1, u64::try_from(first).unwrap() + 1))
    );
}

#[test]
fn hints_are_read_back_for_each_cast_and_for_nothing_else() {
    let (_, bytes) = good_bundle();
    let blocks = Bundle::decode(&bytes).unwrap().into_blocks();
    let transactions = blocks.iter().flat_map(|block| &block.transactions);
    let written: Vec<_> = transactions.clone().filter_map(|t| cast_hints(t)).collect();
    assert!(!written.is_empty());
    let file = encode_hints(&written);
    let read = Hints::decode(&file).unwrap();
    assert_eq!(read.ballots, written);
    let expected = transactions
        .filter_map(|bytes| Transaction::decode(bytes).ok())
        .map(|transaction| decompression_hints(&transaction))
        .filter(|hints| !hints.is_empty());
    assert!(expected.eq(written));
    for end in 0..file.len() {
        assert!(Hints::decode(&file[..end]).is_err());
    }
    assert_eq!(
        Hints::decode(&[file, vec![0]].concat()),
        Err(ArchiveError::Trailing { count: 1 })
    );
}

fn entry(number: u32, first: u64, last: u64) -> BundleEntry {
    BundleEntry {
        number,
        first,
        last,
        ballots: 3,
        bytes: 5,
        sha256: Hash::of(b"bytes"),
        hints: (number == 1).then(|| HintsEntry {
            bytes: 5,
            sha256: Hash::of(b"hints"),
        }),
    }
}

fn index() -> ArchiveIndex {
    let mut index = ArchiveIndex::new("chain \"1\"".into(), GenesisHash([7; 32]));
    index.bundles = vec![entry(0, 1, 9), entry(1, 10, 10), entry(2, 11, 400)];
    index
}

#[test]
fn an_index_is_read_back_and_finds_the_bundle_of_a_height() {
    let index = index();
    assert_eq!(
        ArchiveIndex::parse(index.to_json().as_bytes()),
        Ok(index.clone())
    );
    let empty = ArchiveIndex::new("a".into(), GenesisHash([1; 32]));
    assert_eq!(
        ArchiveIndex::parse(empty.to_json().as_bytes()),
        Ok(empty.clone())
    );
    assert_eq!((index.last(), empty.last()), (Some(400), None));
    assert_eq!(index.ballots(), 9);
    let number = |height| index.bundle_of(height).map(|bundle| bundle.number);
    assert_eq!(number(0), None);
    assert_eq!(number(1), Some(0));
    assert_eq!(number(10), Some(1));
    assert_eq!(number(11), Some(2));
    assert_eq!(number(400), Some(2));
    assert_eq!(number(401), None);
    assert!(index.bundles[0].check_bundle(b"bytes").is_ok());
    for other in [b"bytez".as_slice(), b"byte", b""] {
        let refused = index.bundles[0].check_bundle(other);
        assert_eq!(refused, Err(ArchiveError::OtherBytes));
    }
    let hints = index.bundles[1].hints.as_ref().unwrap();
    assert!(hints.check_hints(b"hints").is_ok());
    assert!(hints.check_hints(b"other").is_err());
}

#[test]
fn an_index_that_lies_about_order_or_size_is_refused() {
    let lies: [fn(&mut ArchiveIndex); 8] = [
        |index| index.bundles[1].number = 2,
        |index| index.bundles[0].first = 2,
        |index| index.bundles[1].last = 9,
        |index| index.bundles.swap(0, 1),
        |index| {
            index.bundles.remove(1);
        },
        |index| index.bundles[2].last = 11 + 512,
        |index| index.bundles[2].bytes = (64 << 20) + 1,
        |index| index.bundles[1].hints.as_mut().unwrap().bytes = u64::MAX,
    ];
    for (number, lie) in lies.iter().enumerate() {
        let mut index = index();
        lie(&mut index);
        assert!(
            matches!(
                ArchiveIndex::parse(index.to_json().as_bytes()),
                Err(ArchiveError::Entry { .. })
            ),
            "lie {number}"
        );
    }
    let mut endless = index();
    endless.bundles[2].first = u64::MAX;
    endless.bundles[2].last = u64::MAX;
    endless.bundles[1].last = u64::MAX - 1;
    endless.bundles[1].first = u64::MAX - 400;
    endless.bundles[0].last = u64::MAX - 401;
    assert!(ArchiveIndex::parse(endless.to_json().as_bytes()).is_err());
    let text = index().to_json();
    for (from, to) in [
        ("\"format\":1", "\"format\":2"),
        ("\"chain_id\"", "\"more\":1,\"chain_id\""),
        ("\"ballots\":3", "\"ballots\":-3"),
        ("\"ballots\":3", "\"ballots\":3.0"),
        ("\"hints\":null", "\"hints\":7"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let parsed = ArchiveIndex::parse(changed.as_bytes());
        assert!(matches!(parsed, Err(ArchiveError::Index(_))), "{to}");
    }
    assert!(ArchiveIndex::parse(format!("{text}x").as_bytes()).is_err());
}

#[test]
fn a_node_and_a_folder_are_asked_for_the_same_files() {
    for (request, file) in [
        (Request::ArchiveIndex, "index.json"),
        (Request::Bundle(17), "000017.bundle"),
        (Request::Hints(1_234_567), "1234567.hints"),
    ] {
        assert_eq!(request.path(), format!("/archive/{file}"));
        assert_eq!(export_file(&request).as_deref(), Some(file));
    }
}

/// Headers, commits and raw transactions are all that a recount needs; what stands between them is at most a twentieth.
#[test]
fn a_bundle_is_at_most_a_twentieth_larger_than_what_it_carries() {
    for (name, election) in elections() {
        let blocks = ledger_blocks(&election);
        let transactions = blocks.iter().flat_map(|block| &block.transactions);
        let next = &blocks.last().unwrap().next;
        let headers = blocks.iter().map(|block| &block.header).chain([next]);
        let headers = headers.map(|header| header_bytes(header).len() - 4);
        let carried: usize = transactions.map(|t| t.len()).sum::<usize>() + headers.sum::<usize>();
        let bundle = bundle_of(&blocks).len();
        assert!(
            bundle * 100 <= carried * 105,
            "{name}: {bundle} for {carried}"
        );
    }
}

#[test]
fn a_bundle_of_another_chain_is_the_sources_fault() {
    let (mut election, bytes) = good_bundle();
    election.card.chain_id = "another".into();
    let report = {
        let mut recount = recount(&election);
        let blocks = Bundle::decode(&bytes).unwrap().into_blocks();
        let added = recount.add_block(&blocks[0]);
        assert!(matches!(added, Err(verifier_core::AddError::Source(_))));
        recount.finish(Err(Doubt::NoTotals), NOW, None)
    };
    assert!(findings(&report).is_empty());
}

#[test]
fn the_specification_shows_the_hashes_of_a_bundle_and_its_hints() {
    let (_, bytes) = good_bundle();
    let blocks = Bundle::decode(&bytes).unwrap().into_blocks();
    let transactions = blocks.iter().flat_map(|block| &block.transactions);
    let hints = encode_hints(&transactions.filter_map(|t| cast_hints(t)).collect());
    for file in [bytes, hints] {
        let hash = Hash::of(&file).to_string();
        assert!(include_str!("../README.md").contains(&hash), "{hash}");
    }
}
