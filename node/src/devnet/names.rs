//! Names: the municipalities of Gyeonggi-do, and candidates that are trees.

use verifier_core::Name;

/// The 28 cities and 3 counties of Gyeonggi-do in their official order, with roughly how many ten thousand people live there.
const GYEONGGI: [(&str, &str, u32); 31] = [
    ("수원시", "Suwon", 119),
    ("용인시", "Yongin", 108),
    ("고양시", "Goyang", 107),
    ("화성시", "Hwaseong", 94),
    ("성남시", "Seongnam", 92),
    ("부천시", "Bucheon", 78),
    ("남양주시", "Namyangju", 73),
    ("안산시", "Ansan", 62),
    ("평택시", "Pyeongtaek", 59),
    ("안양시", "Anyang", 54),
    ("시흥시", "Siheung", 51),
    ("파주시", "Paju", 49),
    ("김포시", "Gimpo", 48),
    ("의정부시", "Uijeongbu", 46),
    ("광주시", "Gwangju", 39),
    ("하남시", "Hanam", 33),
    ("광명시", "Gwangmyeong", 28),
    ("군포시", "Gunpo", 26),
    ("양주시", "Yangju", 27),
    ("오산시", "Osan", 23),
    ("이천시", "Icheon", 22),
    ("안성시", "Anseong", 19),
    ("구리시", "Guri", 19),
    ("의왕시", "Uiwang", 16),
    ("포천시", "Pocheon", 14),
    ("양평군", "Yangpyeong", 12),
    ("여주시", "Yeoju", 11),
    ("동두천시", "Dongducheon", 9),
    ("과천시", "Gwacheon", 8),
    ("가평군", "Gapyeong", 6),
    ("연천군", "Yeoncheon", 4),
];
/// A municipality beyond those of the province.
const FURTHER_PEOPLE: u32 = 10;

const TREES: [(&str, &str); 15] = [
    ("느티나무", "Zelkova"),
    ("소나무", "Pine"),
    ("은행나무", "Ginkgo"),
    ("단풍나무", "Maple"),
    ("자작나무", "Birch"),
    ("참나무", "Oak"),
    ("매화나무", "Plum"),
    ("벚나무", "Cherry"),
    ("대나무", "Bamboo"),
    ("버드나무", "Willow"),
    ("감나무", "Persimmon"),
    ("밤나무", "Chestnut"),
    ("전나무", "Fir"),
    ("향나무", "Juniper"),
    ("오동나무", "Paulownia"),
];

fn name(ko: &str, en: &str) -> Name {
    Name {
        ko: ko.into(),
        en: en.into(),
    }
}

/// What the election is called.
pub fn title() -> Name {
    name("경기도 시범 선거", "Gyeonggi-do demonstration election")
}

/// The first `count` municipalities with their size.
pub fn municipalities(count: u16) -> Vec<(Name, u32)> {
    (0..count)
        .map(|index| match GYEONGGI.get(usize::from(index)) {
            Some((ko, en, people)) => (name(ko, en), *people),
            None => (
                name(
                    &format!("자치단체 {}", index + 1),
                    &format!("Municipality {}", index + 1),
                ),
                FURTHER_PEOPLE,
            ),
        })
        .collect()
}

/// So many candidates, the last of which is abstention.
pub fn candidates(count: usize) -> Vec<Name> {
    let trees = TREES
        .iter()
        .take(count.saturating_sub(1))
        .map(|(ko, en)| name(ko, en));
    trees.chain([name("기권", "Abstention")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gyeonggi_has_28_cities_and_3_counties() {
        let ends_with = |suffix| {
            GYEONGGI
                .iter()
                .filter(|(ko, _, _)| ko.ends_with(suffix))
                .count()
        };
        assert_eq!((ends_with("시"), ends_with("군")), (28, 3));
    }

    #[test]
    fn the_last_candidate_is_abstention() {
        assert_eq!(candidates(4).len(), 4);
        assert_eq!(candidates(16).last().unwrap().en, "Abstention");
    }
}
