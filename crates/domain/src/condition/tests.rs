use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

struct Given(BTreeMap<Subject, FieldValue>);

impl Values for Given {
    fn value(&self, subject: &Subject) -> Option<FieldValue> {
        self.0.get(subject).cloned()
    }
}

fn field(key: &str) -> Subject {
    Subject::Field(key.to_owned())
}

fn value(json: serde_json::Value) -> FieldValue {
    serde_json::from_value(json).unwrap()
}

fn fixed(json: serde_json::Value) -> Operand {
    Operand::Fixed(value(json))
}

fn usd(amount: &str) -> serde_json::Value {
    json!({"amount": amount, "currency": "USD"})
}

/// Whether a field of this value passes a test.
fn passes(given: serde_json::Value, test: Test) -> bool {
    let values = Given(BTreeMap::from([(field("x"), value(given))]));
    holds(&leaf("x", test), &values)
}

fn leaf(key: &str, test: Test) -> Condition {
    Condition::Leaf {
        subject: field(key),
        test,
    }
}

/// E4
#[test]
fn every_leaf_over_nothing_is_false_and_only_is_set_asks_for_it() {
    let nothing = Given(BTreeMap::new());
    let here = || fixed(json!(1));
    for test in [
        Test::Eq(here()),
        Test::Ne(here()),
        Test::Gt(here()),
        Test::Gte(here()),
        Test::Lt(here()),
        Test::Lte(here()),
        Test::In(vec![value(json!(1))]),
        Test::Has(fixed(json!("a"))),
        Test::IsSet(true),
    ] {
        assert!(!holds(&leaf("x", test.clone()), &nothing), "{test:?}");
        let negated = Condition::Not(Box::new(leaf("x", test)));
        assert!(holds(&negated, &nothing));
    }
    assert!(holds(&leaf("x", Test::IsSet(false)), &nothing));
    assert!(!passes(json!(false), Test::IsSet(false)));
    assert!(passes(json!(false), Test::IsSet(true)));
}

/// E4
#[test]
fn an_operand_that_names_nothing_makes_the_leaf_false() {
    for test in [
        Test::Eq(Operand::Ref(field("y"))),
        Test::Ne(Operand::Ref(field("y"))),
    ] {
        assert!(!passes(json!(1), test));
    }
}

/// E4
#[test]
fn another_value_can_be_the_operand() {
    let policy = Subject::Policy("limit".to_owned());
    let values = Given(BTreeMap::from([
        (field("x"), value(usd("10000.01"))),
        (policy.clone(), value(json!(10_000))),
    ]));
    assert!(holds(
        &leaf("x", Test::Gt(Operand::Ref(policy.clone()))),
        &values
    ));
    assert!(!holds(&leaf("x", Test::Lte(Operand::Ref(policy))), &values));
}

/// E4
#[test]
fn numbers_compare_as_decimals() {
    assert!(passes(json!(0.1), Test::Eq(fixed(json!(0.10)))));
    assert!(passes(json!(5), Test::Eq(fixed(json!(5.0)))));
    assert!(passes(json!(10), Test::Gt(fixed(json!(9)))));
    assert!(passes(json!(-1), Test::Lt(fixed(json!(0)))));
    assert!(passes(
        json!(9_007_199_254_740_993_u64),
        Test::Ne(fixed(json!(9_007_199_254_740_992_u64)))
    ));
    assert!(passes(json!(1e300), Test::Gt(fixed(json!(1)))));
    assert!(passes(json!(1), Test::Lt(fixed(json!(1e300)))));
    assert!(passes(json!(1e-7), Test::Lt(fixed(json!(0.001)))));
}

/// E4
#[test]
fn money_compares_within_one_currency_and_with_plain_numbers() {
    assert!(passes(usd("100.00"), Test::Eq(fixed(usd("100")))));
    assert!(passes(usd("9"), Test::Lt(fixed(usd("10")))));
    assert!(passes(usd("2500.50"), Test::Gte(fixed(json!(2500.5)))));
    let euros = || fixed(json!({"amount": "5", "currency": "EUR"}));
    assert!(!passes(usd("5"), Test::Eq(euros())));
    assert!(!passes(usd("5"), Test::Ne(euros())));
    assert!(!passes(usd("9"), Test::Gt(euros())));
}

/// E4
#[test]
fn dates_and_times_compare_in_the_order_of_time() {
    assert!(passes(
        json!("2026-07-02"),
        Test::Lt(fixed(json!("2026-10-01")))
    ));
    assert!(passes(
        json!("2026-07-02T09:00:00Z"),
        Test::Gte(fixed(json!("2026-07-02")))
    ));
    assert!(!passes(
        json!("2026-07-02"),
        Test::Gt(fixed(json!("2026-07-02")))
    ));
}

/// E4
#[test]
fn values_of_different_types_never_compare() {
    assert!(!passes(json!("1"), Test::Eq(fixed(json!(1)))));
    assert!(!passes(json!("1"), Test::Ne(fixed(json!(1)))));
    assert!(!passes(json!(true), Test::Gt(fixed(json!(false)))));
    assert!(!passes(json!(["a"]), Test::Eq(fixed(json!("a")))));
}

/// E4
#[test]
fn a_list_has_its_members_and_equals_them_in_any_order() {
    let list = || json!(["Trade", "Tax"]);
    assert!(passes(list(), Test::Has(fixed(json!("Tax")))));
    assert!(!passes(list(), Test::Has(fixed(json!("tax")))));
    assert!(passes(list(), Test::Has(fixed(json!(["Tax", "Trade"])))));
    assert!(!passes(list(), Test::Has(fixed(json!(["Tax", "Fee"])))));
    assert!(!passes(list(), Test::Has(fixed(json!([])))));
    assert!(!passes(json!("Tax"), Test::Has(fixed(json!("Tax")))));
    assert!(passes(list(), Test::Eq(fixed(json!(["Tax", "Trade"])))));
    assert!(passes(list(), Test::Ne(fixed(json!(["Tax"])))));
}

/// E4
#[test]
fn in_asks_for_one_of_these() {
    let these = || Test::In(vec![value(json!("gold")), value(json!("silver"))]);
    assert!(passes(json!("silver"), these()));
    assert!(!passes(json!("bronze"), these()));
    assert!(!passes(json!("gold"), Test::In(Vec::new())));
}

/// E4
#[test]
fn a_tree_reads_its_parts() {
    let yes = || leaf("x", Test::Eq(fixed(json!(1))));
    let no = || leaf("x", Test::Ne(fixed(json!(1))));
    let values = Given(BTreeMap::from([(field("x"), value(json!(1)))]));
    assert!(holds(&Condition::All(vec![yes(), yes()]), &values));
    assert!(!holds(&Condition::All(vec![yes(), no()]), &values));
    assert!(holds(&Condition::Any(vec![no(), yes()]), &values));
    assert!(!holds(&Condition::Any(vec![no(), no()]), &values));
    assert!(holds(&Condition::All(Vec::new()), &values));
    assert!(!holds(&Condition::Any(Vec::new()), &values));
}

#[test]
fn subjects_are_those_of_leaves_and_operands_each_once() {
    let task = Subject::Task("review".to_owned());
    let policy = Subject::Policy("limit".to_owned());
    let condition = Condition::All(vec![
        leaf("x", Test::Gt(Operand::Ref(policy.clone()))),
        Condition::Not(Box::new(Condition::Any(vec![
            Condition::Leaf {
                subject: task.clone(),
                test: Test::Eq(fixed(json!("approved"))),
            },
            leaf("x", Test::IsSet(true)),
        ]))),
    ]);
    let x = field("x");
    let read: Vec<&Subject> = condition.subjects().into_iter().collect();
    assert_eq!(read, [&x, &policy, &task]);
    assert_eq!(condition.leaves().len(), 3);
}

fn any_value() -> impl Strategy<Value = FieldValue> {
    prop_oneof![
        any::<bool>().prop_map(FieldValue::Flag),
        any::<i64>().prop_map(|number| FieldValue::Number(number.into())),
        any::<f64>().prop_filter_map("finite", |number| {
            serde_json::Number::from_f64(number).map(FieldValue::Number)
        }),
        ".{0,6}".prop_map(FieldValue::Text),
        ("-?[0-9]{1,15}|.{0,4}", "USD|EUR").prop_map(|(amount, currency)| {
            FieldValue::Money(crate::value::Money { amount, currency })
        }),
        proptest::collection::vec("[ab]", 0..3).prop_map(FieldValue::List),
    ]
}

fn any_operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        any_value().prop_map(Operand::Fixed),
        "[xyz]".prop_map(|key| Operand::Ref(field(&key))),
    ]
}

fn any_leaf() -> impl Strategy<Value = Condition> {
    let test = prop_oneof![
        any_operand().prop_map(Test::Eq),
        any_operand().prop_map(Test::Ne),
        any_operand().prop_map(Test::Gt),
        any_operand().prop_map(Test::Gte),
        any_operand().prop_map(Test::Lt),
        any_operand().prop_map(Test::Lte),
        any_operand().prop_map(Test::Has),
        proptest::collection::vec(any_value(), 0..3).prop_map(Test::In),
        any::<bool>().prop_map(Test::IsSet),
    ];
    ("[xyz]", test).prop_map(|(key, test)| leaf(&key, test))
}

fn any_condition() -> impl Strategy<Value = Condition> {
    any_leaf().prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

proptest! {
    /// E4
    #[test]
    fn it_is_two_valued_over_any_values(
        condition in any_condition(),
        values in proptest::collection::btree_map("[xyz]".prop_map(|key| field(&key)), any_value(), 0..3),
    ) {
        let values = Given(values);
        let truth = holds(&condition, &values);
        prop_assert_eq!(holds(&Condition::Not(Box::new(condition)), &values), !truth);
    }

    /// E4
    #[test]
    fn eq_and_ne_exclude_each_other_and_order_is_strict(left in any_value(), right in any_value()) {
        let values = Given(BTreeMap::from([(field("x"), left)]));
        let test = |test: fn(Operand) -> Test| {
            holds(&leaf("x", test(Operand::Fixed(right.clone()))), &values)
        };
        prop_assert!(!(test(Test::Eq) && test(Test::Ne)));
        prop_assert!(!(test(Test::Gt) && test(Test::Lte)));
        prop_assert!(!(test(Test::Lt) && test(Test::Gte)));
        prop_assert_eq!(test(Test::Gte) && test(Test::Lte), test(Test::Eq) && compare_in_order(&right));
    }
}

/// Flags and lists are equal or not, but have no order.
const fn compare_in_order(value: &FieldValue) -> bool {
    !matches!(value, FieldValue::Flag(_) | FieldValue::List(_))
}
