package io.opsrelay.action.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ContractJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a guardrail is refused, by the name of its field. */
class RuleBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'a','kind':'allow_list','targets':['order/*'],'action_types':['refund']}",
                "{'name':'a','kind':'cool_down','pause':'PT10M'}",
                "{'name':'a','kind':'rate','per_hour':10,'per':'client'}",
                "{'name':'a','kind':'daily_cap','count':5,'sums':{'EUR':'1000.00'},'zone':'Europe/Berlin'}",
                "{'name':'a','kind':'window','mode':'deny','days':['friday'],'from':'22:00','to':'06:00'}",
                "{'name':'a','kind':'breaker','failures':3,'within':'PT10M','open_for':'PT15M'}",
                "{'name':'a','kind':'replicas','min_replicas':2,'max_replicas':2,'max_step':1}",
                "{'name':'a','kind':'replicas','max_step':3}"
            })
    void everyKindIsReadAndWrittenAsItWasSent(String json) {
        RuleBody body = read(json);

        assertThat(Rulebook.refusals(List.of(body))).isEmpty();
        RuleBody again =
                ContractJson.mapper().readValue(ContractJson.mapper().writeValueAsString(body), RuleBody.class);
        assertThat(again.toRule()).isEqualTo(body.toRule());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | {'kind':'allow_list'}",
                "name | {'name':'With Spaces','kind':'allow_list'}",
                "name | {'name':'kill_switch','kind':'allow_list'}",
                "kind | {'name':'a'}",
                "kind | {'name':'a','kind':'moat'}",
                "per_hour | {'name':'a','kind':'cool_down','pause':'PT1M','per_hour':3}",
                "targets | {'name':'a','kind':'allow_list','targets':['*/prod']}",
                "targets | {'name':'a','kind':'allow_list','targets':['']}",
                "action_types | {'name':'a','kind':'allow_list','action_types':['DROP TABLE']}",
                "pause | {'name':'a','kind':'cool_down'}",
                "pause | {'name':'a','kind':'cool_down','pause':'PT0S'}",
                "pause | {'name':'a','kind':'cool_down','pause':'P400D'}",
                "per_hour | {'name':'a','kind':'rate','per':'client'}",
                "per_hour | {'name':'a','kind':'rate','per':'client','per_hour':0}",
                "per | {'name':'a','kind':'rate','per_hour':3,'per':'world'}",
                "count | {'name':'a','kind':'daily_cap'}",
                "count | {'name':'a','kind':'daily_cap','count':-1}",
                "sums | {'name':'a','kind':'daily_cap','sums':{'EURO':'1'}}",
                "sums | {'name':'a','kind':'daily_cap','sums':{'EUR':'-1'}}",
                "sums | {'name':'a','kind':'daily_cap','sums':{'EUR':'1.00001'}}",
                "zone | {'name':'a','kind':'daily_cap','count':1,'zone':'Mars/Base'}",
                "mode | {'name':'a','kind':'window','from':'22:00','to':'06:00'}",
                "days | {'name':'a','kind':'window','mode':'deny','days':['someday'],'from':'22:00','to':'06:00'}",
                "from | {'name':'a','kind':'window','mode':'deny','to':'06:00'}",
                "to | {'name':'a','kind':'window','mode':'deny','from':'22:00','to':'25:00'}",
                "failures | {'name':'a','kind':'breaker','within':'PT10M','open_for':'PT15M'}",
                "open_for | {'name':'a','kind':'breaker','failures':3,'within':'PT10M'}",
                "max_replicas | {'name':'a','kind':'replicas'}",
                "max_replicas | {'name':'a','kind':'replicas','min_replicas':3,'max_replicas':2}",
                "min_replicas | {'name':'a','kind':'replicas','min_replicas':0}",
                "max_step | {'name':'a','kind':'replicas','max_step':-1}",
                "max_step | {'name':'a','kind':'rate','per':'client','per_hour':3,'max_step':1}"
            })
    void whatIsNotAsItMustBeIsRefusedWithItsField(String field, String json) {
        assertThat(Rulebook.refusals(List.of(read(json)))).containsOnlyKeys("rules[0]." + field);
    }

    @Test
    void twoRulesCannotHaveOneName() {
        RuleBody body = read("{'name':'a','kind':'allow_list'}");

        assertThat(Rulebook.refusals(List.of(body, body))).containsOnlyKeys("rules[1].name");
    }

    @Test
    void theShippedRulesAreValid() {
        assertThat(Rulebook.refusals(Rulebook.SHIPPED.rules())).isEmpty();
    }

    private static RuleBody read(String json) {
        return ContractJson.mapper().readValue(json.replace('\'', '"'), RuleBody.class);
    }
}
