//! Pure table: the words of the report on screened payments.

words! {
    /// Words of the report on screened payments.
    PaymentWords, PAYMENTS_EN, PAYMENTS_IT;

    decimal_mark: ".", ",";
    title: "Payments screened", "Pagamenti esaminati";
    skip: "Skip to the content", "Vai al contenuto";
    not_proof: "An alert is a request to look at an account. It is no proof and no accusation: every indicator names others who move money in the same way.",
        "Un allarme è una richiesta di guardare un conto. Non è una prova né un’accusa: ogni indicatore nomina altri che muovono denaro nello stesso modo.";
    footer: "Everything here was computed by a machine from records of payments. A named person decides what it means.",
        "Tutto ciò che segue è stato calcolato da una macchina su registrazioni di pagamenti. Che cosa significhi lo decide una persona identificata.";
    holds_accounts: "Holds account numbers: keep it as you keep the records themselves.",
        "Contiene numeri di conto: va custodito come le registrazioni stesse.";
    english: "Sentences of indicators are in English.", "Le frasi degli indicatori sono in inglese.";

    q_what: "What was screened?", "Che cosa è stato esaminato?";
    q_how: "With which weights?", "Con quali pesi?";
    q_rest: "What could not be used?", "Che cosa non si è potuto usare?";
    q_found: "What came out?", "Che cosa è emerso?";
    q_not: "What is it not?", "Che cosa non è?";
    transfers: "1 transfer|{n} transfers", "1 trasferimento|{n} trasferimenti";
    payers: "1 paying account|{n} paying accounts", "1 conto pagante|{n} conti paganti";
    payees: "1 receiving account|{n} receiving accounts", "1 conto beneficiario|{n} conti beneficiari";
    period: "From {from} to {to}", "Dal {from} al {to}";
    compared: "Amounts are compared in {currency}.", "Gli importi sono confrontati in {currency}.";
    weights: "Weights that were estimated on generated worlds, not on real outcomes. Scores order work; they are not probabilities. A score is a logarithm of odds, and the sum of the parts listed with it.",
        "Pesi stimati su mondi generati, non su esiti reali. I punteggi ordinano il lavoro e non sono probabilità. Un punteggio è un logaritmo di quote ed è la somma delle parti elencate.";
    weights_own: "Weights of a model that was trained on the institution’s own outcomes; its card says on which and how well. Scores order work; they are not probabilities. A score is a logarithm of odds, and the sum of the parts listed with it.",
        "Pesi di un modello addestrato sugli esiti dell’istituto; la sua scheda dice quali e con quale resa. I punteggi ordinano il lavoro e non sono probabilità. Un punteggio è un logaritmo di quote ed è la somma delle parti elencate.";
    looked_at: "Age and sex are looked at, on this legal basis:", "Età e sesso sono considerati, su questa base giuridica:";
    seeds: "{n} accounts were given as known; {found} of them occur. The ranking starts from them.",
        "{n} conti indicati come noti; {found} sono presenti. La graduatoria parte da questi.";
    no_seeds: "No account was given as known.", "Nessun conto è stato indicato come noto.";
    not_looked_at: "Age and sex are not looked at, nor what a payment was for in words.",
        "Età e sesso non sono considerati, né la causale a parole.";
    rows_rejected: "One row could not be used.|{n} rows could not be used.", "Una riga non si è potuta usare.|{n} righe non si sono potute usare.";
    all_used: "Every row was used.", "Tutte le righe sono state usate.";
    without_rate: "One transfer is in a currency without a rate: its amount was not compared.|{n} transfers are in a currency without a rate: their amounts were not compared.",
        "Un trasferimento è in una valuta senza cambio: l’importo non è stato confrontato.|{n} trasferimenti sono in una valuta senza cambio: gli importi non sono stati confrontati.";
    out_of_order: "One transfer came out of order and was sorted.|{n} transfers came out of order and were sorted.",
        "Un trasferimento era fuori ordine ed è stato ordinato.|{n} trasferimenti erano fuori ordine e sono stati ordinati.";
    found: "{payees} and {payers}, in {networks}. The first {pages} of each side have a page of their own.",
        "{payees} e {payers}, in {networks}. I primi {pages} di ciascun lato hanno una pagina propria.";
    payee_alerts: "1 payee alert|{n} payee alerts", "1 allarme su beneficiari|{n} allarmi su beneficiari";
    payer_alerts: "1 payer alert|{n} payer alerts", "1 allarme su paganti|{n} allarmi su paganti";
    networks: "1 network|{n} networks", "1 rete|{n} reti";
    is_not: "Not a list of offenders. The number of alerts was chosen by whoever ran this, not found. Families, workers abroad, charities and shops are among them. Nothing leaves this folder by itself: a person looks first, then decides.",
        "Non è un elenco di colpevoli. Il numero di allarmi è stato scelto da chi ha avviato l’esame, non trovato. Tra questi vi sono famiglie, lavoratori all’estero, enti benefici e negozi. Nulla esce da solo da questa cartella: prima guarda una persona, poi decide.";

    queue: "The alerts, network by network", "Gli allarmi, rete per rete";
    queue_lead: "Alerts of one network stand together; the network of the payee in the first place is first. A network is a set of accounts that payments tie more to each other than to others.",
        "Gli allarmi di una stessa rete stanno insieme; la prima è la rete del beneficiario al primo posto. Una rete è un insieme di conti che i pagamenti legano tra loro più che ad altri.";
    network: "Network {n}", "Rete {n}";
    alerts: "1 alert|{n} alerts", "1 allarme|{n} allarmi";
    more_alerts: "and one more alert of this network; all are in alerts.jsonl|and {n} more alerts of this network; all are in alerts.jsonl",
        "e un altro allarme di questa rete; tutti sono in alerts.jsonl|e altri {n} allarmi di questa rete; tutti sono in alerts.jsonl";
    show_more: "One more alert of this network|{n} more alerts of this network", "Un altro allarme di questa rete|Altri {n} allarmi di questa rete";
    col_side: "Side", "Lato";
    col_rank: "Place", "Posto";
    col_account: "Account", "Conto";
    col_score: "Score", "Punteggio";
    col_why: "Strongest reason", "Motivo principale";
    payer: "payer", "pagante";
    payee: "payee", "beneficiario";

    meaning: "What indicators mean", "Che cosa significano gli indicatori";
    col_indicator: "Indicator", "Indicatore";
    col_sign: "Why it is a sign", "Perché è un segnale";
    col_innocent: "Who else does the same", "Chi altro fa lo stesso";
    col_source: "Source", "Fonte";
    rejected: "Rows that could not be used", "Righe che non si sono potute usare";
    rejected_lead: "The first of them; rejected.jsonl has all that were kept.", "Le prime; rejected.jsonl contiene tutte quelle conservate.";
    col_file: "File", "File";
    col_row: "Row", "Riga";
    col_field: "Field", "Campo";
    col_message: "Reason", "Motivo";

    back: "All alerts", "Tutti gli allarmi";
    alert_payer: "Payer {account}", "Pagante {account}";
    alert_payee: "Payee {account}", "Beneficiario {account}";
    place: "Place {n} of its side", "Posto {n} sul suo lato";
    score: "Score {score}", "Punteggio {score}";
    others_of_network: "Other alerts of this network", "Altri allarmi di questa rete";
    none_of_network: "No other alert is of this network.", "Nessun altro allarme è di questa rete.";
    why: "Why it is here", "Perché è qui";
    why_lead: "Each line adds to the score or takes from it; the lines sum to it. A bar to the right speaks for looking, one to the left against.",
        "Ogni riga aggiunge o toglie al punteggio; la somma delle righe è il punteggio. Una barra a destra invita a guardare, una a sinistra no.";
    col_no: "No.", "N.";
    col_value: "Value", "Valore";
    col_adds: "Adds", "Aggiunge";
    col_seen: "What was seen", "Che cosa si è visto";
    col_transfers: "Transfers", "Trasferimenti";
    sum: "Score", "Punteggio";
    chart: "Who paid whom", "Chi ha pagato chi";
    chart_lead: "Accounts of this network, the alert with a double line. Click or press Enter on an account that has a page.",
        "Conti di questa rete; l’allarme ha il doppio contorno. Un clic o Invio apre la pagina di un conto, se esiste.";
    time: "When", "Quando";
    moves: "From payee to payee", "Da un beneficiario all’altro";
    moves_lead: "Payers who first paid a payee within 14 days of paying another that is tied to it, in time order. Moves of one chain have one number.",
        "Paganti che hanno pagato per la prima volta un beneficiario entro 14 giorni da un altro a esso legato, in ordine di tempo. I passaggi di una catena hanno lo stesso numero.";
    col_chain: "Chain", "Catena";
    col_from: "From", "Da";
    col_to: "To", "A";
    col_after: "Days between", "Giorni tra";
    more_moves: "and one more|and {n} more", "e un altro|e altri {n}";
    folded: "Taken for one person’s", "Attribuiti a una sola persona";
    folded_lead: "A claim of the machine for a person to check: families share phones.", "Un’ipotesi della macchina da verificare: le famiglie condividono telefoni.";
    carrying: "The transfers behind it", "I trasferimenti alla base";
    carrying_lead: "Those that the lines above rest on, in time order, with the numbers of the lines.",
        "Quelli su cui poggiano le righe sopra, in ordine di tempo, con i numeri delle righe.";
    col_time: "Time", "Ora";
    col_payer: "Payer", "Pagante";
    col_payee: "Payee", "Beneficiario";
    col_amount: "Amount", "Importo";
    col_transfer: "Transfer", "Trasferimento";
    col_lines: "Lines", "Righe";
    more_transfers: "One more is named in alerts.jsonl.|{n} more are named in alerts.jsonl.", "Un altro è indicato in alerts.jsonl.|Altri {n} sono indicati in alerts.jsonl.";
    page_of: "Page {page} of {pages}", "Pagina {page} di {pages}";
}

/// The Italian names of indicators and of the other parts of a score, by id; English ones come with the registry.
pub(crate) const INDICATORS_IT: &[(&str, &str)] = &[
    ("fan_in_unrelated", "Molti paganti non imparentati"),
    ("small_similar", "Importi piccoli e simili"),
    ("payer_countries", "Paganti da molti paesi"),
    ("shared_counterparties", "Controparti in comune"),
    ("same_phone", "Un telefono per più conti"),
    ("referral", "Passaggi tra beneficiari legati"),
    ("splitting", "Denaro inoltrato ad altri"),
    ("listed_recipients", "Beneficiari in paesi elencati"),
    ("frequent", "Pagamenti frequenti"),
    ("night", "Pagamenti di notte"),
    ("round_sums", "Importi tondi"),
    ("institutions", "Più istituti"),
    ("escalation", "Importi crescenti"),
    ("travel", "Viaggi attorno ai pagamenti"),
    ("ranked_counterparty", "Che aspetto hanno le controparti"),
    ("reached_from_known", "Raggiunto da un conto noto"),
    ("other_measures", "Altre misure"),
    ("base", "Punto di partenza"),
];

/// The English names of what is in no registry.
pub(crate) const PARTS_EN: &[(&str, &str)] = &[
    ("ranked_counterparty", "What counterparties look like"),
    ("reached_from_known", "Reached from a known account"),
    ("other_measures", "Other measures"),
    ("base", "Where all start"),
];
