package io.opsrelay.benchmarks;

import java.util.List;

/** What customers ask in the benchmarks: simple questions that need no person. */
final class Texts {

    /** One question. */
    record Question(String subject, String body) {}

    private static final List<Question> QUESTIONS = List.of(
            new Question("How long do refunds take?", "How long do refunds take until the money is on my account?"),
            new Question("Question about refunds", "I would like to know how long a refund takes with you."),
            new Question(
                    "Wie lange dauert eine Rückerstattung?", "Wie lange dauert es, bis eine Rückerstattung da ist?"),
            new Question("¿Cuánto tarda un reembolso?", "¿Cuánto tiempo tarda un reembolso en llegar a mi cuenta?"),
            new Question("Refund duration", "Hello, how many days does a refund usually take? Thank you."),
            new Question("Frage", "Guten Tag, wie viele Tage dauert eine Rückerstattung normalerweise? Danke."),
            new Question("Una pregunta", "Buenos días, ¿cuántos días tardan normalmente los reembolsos? Gracias."),
            new Question("When will I see my money?", "How long do refunds take on a credit card?"));

    private Texts() {}

    /** The question of that index; they repeat, told apart by a number in the body. */
    static Question of(int index) {
        Question question = QUESTIONS.get(Math.floorMod(index, QUESTIONS.size()));
        return new Question(question.subject(), question.body() + " (" + index + ")");
    }
}
