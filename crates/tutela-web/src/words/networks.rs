//! Pure table: the words of link charts and timelines.

words! {
    /// Words of link charts and timelines.
    NetworkWords, NETWORK_EN, NETWORK_IT;

    decimal_mark: ".", ",";
    chart_title: "Link chart around {account}", "Grafico dei legami attorno a {account}";
    chart_desc: "{payers} left, {payees} right; each line is one payer paying one payee, wider for more transfers. All of it also stands in tables.",
        "{payers} a sinistra, {payees} a destra; ogni linea è un pagante che paga un beneficiario, più spessa per più trasferimenti. Tutto è anche nelle tabelle.";
    empty: "No transfers to draw.", "Nessun trasferimento da disegnare.";
    payers: "1 payer|{n} payers", "1 pagante|{n} paganti";
    payees: "1 payee|{n} payees", "1 beneficiario|{n} beneficiari";
    transfers: "1 transfer|{n} transfers", "1 trasferimento|{n} trasferimenti";
    payer_column: "Payers", "Paganti";
    payee_column: "Payees", "Beneficiari";
    payer: "Payer", "Pagante";
    payee: "Payee", "Beneficiario";
    alerted: "this alert", "questo allarme";
    known: "known before", "già noto";
    rank: "alert {n}", "allarme {n}";
    score: "score {score}", "punteggio {score}";
    here: "{n} of them here", "di cui {n} qui";
    also: "also {account} ({reason})", "anche {account} ({reason})";
    also_more: "also one more account|also {n} more accounts", "anche un altro conto|anche altri {n} conti";
    phone: "same phone", "stesso telefono";
    email: "same e-mail", "stessa e-mail";
    name_and_region: "same name and region", "stesso nome e zona";
    decided: "joined by a person", "uniti da una persona";
    edge: "{payer} paid {payee}: {transfers}", "{payer} ha pagato {payee}: {transfers}";
    sum: "{amount} in all", "in tutto {amount}";
    from_to: "{from} to {to}", "dal {from} al {to}";
    referred: "Payers who went from {from} to {to}: {n}", "Paganti passati da {from} a {to}: {n}";
    onward: "{from} paid {to}: {n}", "{from} ha pagato {to}: {n}";
    same_phone: "{from} and {to} have the same phone", "{from} e {to} hanno lo stesso telefono";
    shared: "{from} and {to} share payers: {n}", "{from} e {to} hanno paganti in comune: {n}";
    key_payer: "payer", "pagante";
    key_payee: "payee", "beneficiario";
    key_alerted: "this alert", "questo allarme";
    key_known: "known before", "già noto";
    key_paid: "paid: 1, 5, 20 transfers", "pagati: 1, 5, 20 trasferimenti";
    key_referred: "payers went over", "paganti passati";
    key_onward: "paid onwards", "pagato oltre";
    key_same_phone: "same phone", "stesso telefono";
    key_shared: "payers in common", "paganti in comune";
    more_payers: "and one more payer|and {n} more payers", "e un altro pagante|e altri {n} paganti";
    more_payees: "and one more payee|and {n} more payees", "e un altro beneficiario|e altri {n} beneficiari";
    more_ties: "one more tie is not drawn|{n} more ties are not drawn", "un altro legame non è disegnato|altri {n} legami non sono disegnati";

    timeline_title: "Transfers of {account} over time", "Trasferimenti di {account} nel tempo";
    timeline_desc: "One row for each counterparty, in the order of first transfers; from {from} to {to}. A larger dot is a larger amount.",
        "Una riga per controparte, in ordine di primo trasferimento; dal {from} al {to}. Un punto più grande è un importo maggiore.";
    dot: "{at}: {payer} to {payee}, {amount}", "{at}: {payer} a {payee}, {amount}";
    moved: "{payer} went from {from} to {to} after {days}", "{payer} è passato da {from} a {to} dopo {days}";
    days: "1 day|{n} days", "1 giorno|{n} giorni";
    same_day: "less than a day", "meno di un giorno";
    key_own: "with this account", "con questo conto";
    key_others: "with others of the network", "con altri della rete";
    key_largest: "largest: {amount}", "massimo: {amount}";
    key_moved: "went over", "è passato";
    key_unrated: "amount without a rate", "importo senza cambio";
    more_rows: "and one more counterparty|and {n} more counterparties", "e un’altra controparte|e altre {n} controparti";
    more_dots: "one more transfer is not drawn|{n} more transfers are not drawn", "un altro trasferimento non è disegnato|altri {n} trasferimenti non sono disegnati";
}
