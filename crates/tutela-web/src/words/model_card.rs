//! Pure table: the words of a model card and of a page of quality.

words! {
    /// Words of a model card and of a page of quality.
    CardWords, CARD_EN, CARD_IT;

    title: "Model card", "Scheda del modello";
    lead: "A sum of named parts that ranks payers and payees of one institution. It says whom to look at first. It says nothing of guilt, and no action against a person may rest on its score alone.",
        "Una somma di parti con nome che ordina chi paga e chi riceve presso un istituto. Dice chi guardare per primo. Non dice nulla sulla colpa, e nessun provvedimento contro una persona può fondarsi sul solo punteggio.";
    data: "What it rests on", "Su che cosa si fonda";
    file: "File", "File";
    digest: "SHA-256", "SHA-256";
    transfers: "Transfers", "Trasferimenti";
    period: "Period", "Periodo";
    rejected: "Rows not used: transfers, labels", "Righe non usate: trasferimenti, etichette";
    start: "It started from", "È partito da";
    seed: "Seed", "Seme";
    person: "Age and sex of payers", "Età e sesso di chi paga";
    not_used: "Not used. Nationality never is.", "Non usati. La nazionalità non lo è mai.";
    used: "Used. Legal basis as stated: {basis}", "Usati. Base giuridica dichiarata: {basis}";
    labels: "Accounts without a label", "Conti senza etichetta";
    partial: "counted by how likely they were", "contati secondo la loro probabilità";
    whole: "counted as harmless", "contati come innocui";
    payee: "Payees", "Chi riceve";
    payer: "Payers", "Chi paga";
    marked: "Marked", "Segnati";
    cleared: "Cleared", "Scagionati";
    unlabelled: "Without a label", "Senza etichetta";
    absent: "Labelled and not in the transfers", "Etichettati e assenti dai trasferimenti";
    untrained: "Too few marked accounts: this side keeps the weights it started from.", "Troppo pochi conti segnati: questo lato conserva i pesi di partenza.";
    held_out: "By models that did not see an account's label", "Con modelli che non hanno visto l'etichetta del conto";
    figure: "Figure", "Misura";
    value: "Value", "Valore";
    between: "95 % of draws", "95 % delle estrazioni";
    average_precision: "Average precision", "Precisione media";
    precision_at: "Precision at {n}", "Precisione nei primi {n}";
    recall_at: "Recall at {n}", "Richiamo nei primi {n}";
    calibration: "Does a score mean what it says?", "Il punteggio significa ciò che dice?";
    calibration_note: "Accounts, not transfers, by what was expected of them. Found is the share that has label 1: with partial labels it lies below what is expected.",
        "Conti, non trasferimenti, secondo la probabilità attesa. Trovata è la quota con etichetta 1: con etichette parziali sta sotto l'attesa.";
    expected_between: "Expected between", "Attesa fra";
    accounts: "Accounts", "Conti";
    expected: "Expected", "Attesa";
    found: "Found", "Trovata";
    strongest: "Strongest features: would they hold elsewhere?", "Le caratteristiche più forti: varrebbero altrove?";
    feature: "Feature", "Caratteristica";
    spread: "Spread", "Ampiezza";
    argument: "Would it hold elsewhere?", "Varrebbe altrove?";
    curves: "What each feature adds", "Che cosa aggiunge ogni caratteristica";
    curves_note: "Across: the value. Up: what it adds to the score, in logarithms of odds. The dashed line is nothing.",
        "In orizzontale il valore, in verticale ciò che aggiunge al punteggio, in logaritmi di quote. La linea tratteggiata è zero.";
    rises: "may only rise", "può solo crescere";
    falls: "may only fall", "può solo calare";
    pairs: "Features that count together", "Caratteristiche che contano insieme";
    backtest: "Backtest by time", "Prova a ritroso nel tempo";
    backtest_none: "None: the transfers reach over less than four months, or too little was known before the cut.",
        "Nessuna: i trasferimenti coprono meno di quattro mesi, o prima del taglio si sapeva troppo poco.";
    backtest_note: "Trained on what was known at {cut}: {payers} marked payers, {payees} marked payees. Accounts known then are left out. An alert is an account that passes, for the first time, the score of alert {open} at the cut.",
        "Addestrato su quanto era noto al {cut}: {payers} segnati fra chi paga, {payees} fra chi riceve. I conti già noti sono esclusi. È un allarme il conto che supera per la prima volta il punteggio dell'allarme {open} al taglio.";
    undated: "Labels without decided_at count as known where the account had a transfer before the cut. This flatters.",
        "Le etichette senza decided_at valgono come note se il conto aveva un trasferimento prima del taglio. Il risultato ne è abbellito.";
    month: "Month", "Mese";
    side: "Side", "Lato";
    precision_100: "P at 100", "P a 100";
    recall_100: "R at 100", "R a 100";
    precision_500: "P at 500", "P a 500";
    recall_500: "R at 500", "R a 500";
    alerts_a_day: "Alerts a day", "Allarmi al giorno";
    right: "Of them marked", "Di cui segnati";
    not: "What it is not", "Che cosa non è";
    not_probability: "It is no probability of a crime. Labels are what this institution found.", "Non è la probabilità di un reato. Le etichette sono ciò che questo istituto ha trovato.";
    not_complete: "What was never looked into has no label. The model finds more of what was found before.", "Ciò che nessuno ha esaminato non ha etichetta. Il modello trova altro di ciò che si è già trovato.";
    not_elsewhere: "It was judged on accounts of the same institution and period. Elsewhere, and later, it will be worse.", "È stato giudicato su conti dello stesso istituto e periodo. Altrove, e più tardi, andrà peggio.";
    not_apart: "Accounts are dealt into parts by lot. Two accounts of one person may lie on both sides of a line, which flatters.", "I conti sono divisi a sorte. Due conti della stessa persona possono cadere da parti opposte, e ciò abbellisce il risultato.";
    holds_published: "Published as a warning sign by authorities. It should hold elsewhere in kind; how much it weighs is from these data.", "Pubblicato dalle autorità come segnale. Altrove dovrebbe valere nel genere; il peso viene da questi dati.";
    holds_network: "It counts what others in the same data do. Another institution sees more or fewer of them: expect the weight to change.", "Conta ciò che fanno altri negli stessi dati. Un altro istituto ne vede di più o di meno: il peso cambierà.";
    holds_writing: "It needs names or phones written alike. Where they are not, it says nothing; it must not count against those without relatives' names.", "Richiede nomi o telefoni scritti allo stesso modo. Dove non lo sono non dice nulla; non deve pesare contro chi non ha omonimi.";
    holds_period: "It depends on how long the data reach and on what part of a person's payments the institution sees.", "Dipende da quanto tempo coprono i dati e da quale parte dei pagamenti l'istituto vede.";
    holds_counterparty: "It rests on the score of those paid or paying. Errors travel with it.", "Si fonda sul punteggio delle controparti. Gli errori viaggiano con esso.";
    holds_habit: "It tells what else the account is used for. No source describes it: take it for a property of these data until it is seen elsewhere.", "Dice a che altro serve il conto. Nessuna fonte lo descrive: va preso per una proprietà di questi dati finché non si vede altrove.";
    holds_person: "It tells what a person is. It is used only on the legal basis that is named, and is no reason by itself.", "Dice che cosa una persona è. È usato solo sulla base giuridica indicata, e da solo non è una ragione.";
    quality_title: "What a ranking is worth", "Quanto vale una graduatoria";
    quality_lead: "Scores compared with a truth, account by account. A tie counts as if its order were drawn by lot.", "Punteggi confrontati con una verità, conto per conto. A parità di punteggio l'ordine vale come tirato a sorte.";
    without_score: "Without a score (they rank last)", "Senza punteggio (in fondo)";
    without_label: "Not named by the truth (they count as not marked)", "Non nominati dalla verità (valgono come non segnati)";
    corridors: "Alerts by corridor", "Allarmi per corridoio";
    corridors_note: "Where an alert rate is high and few alerts are right, a community is put under suspicion for sending money home. Look here before acting on a ranking.",
        "Dove la quota di allarmi è alta e pochi sono giusti, una comunità finisce sotto sospetto perché manda denaro a casa. Guardare qui prima di agire su una graduatoria.";
    corridor: "From, to", "Da, a";
    payers_flagged: "Payers with an alert", "Con allarme fra chi paga";
    payees_flagged: "Payees with an alert", "Con allarme fra chi riceve";
    decimal_mark: ".", ",";
}
